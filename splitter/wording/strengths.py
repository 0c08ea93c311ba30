"""How the strengths of compounded capsules were chosen, in a sentence."""

from __future__ import annotations

from splitter.plan import Plan, Status
from splitter.quantity import Mass, counted
from splitter.units import mass_words
from splitter.wording.figures import listing


def strengths_words(plan: Plan) -> str | None:
    """What was made of how many strengths, and what is proved of it; None where nothing was chosen."""
    chosen = plan.strengths
    if chosen is None:
        return None
    strengths = sorted(p.strength_mg for p in plan.products if p.id in chosen.products and p.strength_mg is not None)
    made = listing(mass_words(Mass(strength)) for strength in strengths)
    sets = "the only set" if chosen.sets == 1 else f"of {chosen.sets:,} sets"
    of = f"of at most {counted(chosen.at_most, 'strength')}, out of {chosen.offered}, that gives every dose"
    if chosen.sets > 1:
        of = f"{of[: -len('gives every dose')]}give every dose"
        proved = "none is cheaper" if plan.status is Status.OPTIMAL else "a cheaper one may be among them"
        return f"{made}; {sets} {of}, {proved}"
    return f"{made}; {sets} {of}"
