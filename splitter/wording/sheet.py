"""What the dispensing sheet says: what to count, cut and label, from which stock, at what cost."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.plan import Finding, Item, Part, Plan, PlannedProduct, Severity
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.directions import steps_served
from splitter.wording.figures import amount, listing, money, number
from splitter.wording.identity import containers, serials
from splitter.wording.label import container_word, product_of, quantity_words, refuse_same_names
from splitter.wording.lint import refuse
from splitter.wording.visits import items_of_visit, visit_dates

_ONE_DAY = dt.timedelta(days=1)
_NDC = re.compile(r"\d{4,6}-\d{3,4}-\d{1,2}")
# Packs or bottles of an item beyond which they are taken as one lot, or noted by hand.
_MOST_LOTS = 6
_SEVERITY = {Severity.STOP: "Stop", Severity.WARN: "Warning", Severity.NOTE: "Note"}
_PIECES = {
    Fraction(1, 2): ("half", "halves"),
    Fraction(1, 3): ("third", "thirds"),
    Fraction(1, 4): ("quarter", "quarters"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One item to count out or take from the shelf, in words; `cut` is empty where nothing is cut.

    `pour` is a sentence where it is poured out of a stock bottle, `left` one where pieces are left over; else empty.
    """

    item: Item
    product: PlannedProduct
    whole: str
    cut: str
    left: str = ""
    pour: str = ""


def picks(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> tuple[Pick, ...]:
    """Each item of the visit of `date` with what stays whole, is cut, is poured. Raises InputError as labels do."""
    refuse_same_names(plan)
    found = tuple(
        Pick(
            item=item,
            product=product_of(plan, item),
            whole=amount(item.quantity - item.cut, item.unit),
            cut=_cut_words(plan, item),
            left=_left_words(plan, item),
            pour=_pour_words(item, product_of(plan, item), customs),
        )
        for item in items_of_visit(plan, date)
    )
    refuse(
        (f"items.{plan.items.index(pick.item)}", words)
        for pick in found
        for words in (pick.whole, pick.cut, pick.left, pick.pour)
    )
    return found


def _cut_words(plan: Plan, item: Item) -> str:
    """How many units to cut, and into which pieces."""
    made = _pieces_made(item, _pieces_given(plan, item))
    return f"{amount(item.cut, item.unit)} into {_pieces_words(made)}" if made else ""


def _left_words(plan: Plan, item: Item) -> str:
    """Which of the pieces are handed over, and what is done with the others: a sentence; empty where none are left."""
    given = _pieces_given(plan, item)
    left = _pieces_made(item, given) - given
    if not left:
        return ""
    witnessed = " before a witness, who signs below" if plan.drug.schedule else ""
    are = "is" if left.total() == 1 else "are"
    return f"Hand over {_pieces_words(given)}; {_pieces_words(left)} {are} left: destroy {_THESE[are]}{witnessed}."


_THESE = {"is": "it", "are": "them"}


def _pieces_given(plan: Plan, item: Item) -> Counter[Fraction]:
    """How many pieces of each size the days that an item serves take of it, beyond those that are at home."""
    before = replace(item, use_from=plan.prescription.start, use_until=item.first_day - _ONE_DAY)
    return _pieces_taken(plan, item) - (_pieces_at_home(plan, item) - _pieces_taken(plan, before))


def _pieces_taken(plan: Plan, item: Item) -> Counter[Fraction]:
    pieces: Counter[Fraction] = Counter()
    for first, last, step in steps_served(plan, item):
        for administration in step.administrations:
            for take in administration.take:
                if take.product == item.product and take.fraction < 1:
                    pieces[take.fraction] += take.count * ((last - first).days + 1)
    return pieces


def _pieces_at_home(plan: Plan, item: Item) -> Counter[Fraction]:
    """The pieces of an item's product that the patient has and uses, which are the first that are taken."""
    pieces: Counter[Fraction] = Counter()
    for home in plan.at_home:
        if home.product == item.product and home.used_until is not None:
            pieces += Counter({Fraction(1, 2): home.halves, Fraction(1, 3): home.thirds, Fraction(1, 4): home.quarters})
    return pieces


def _pieces_made(item: Item, given: Counter[Fraction]) -> Counter[Fraction]:
    """The pieces that the units to cut make: those that are taken, and the rest of the units in the smallest size."""
    if not item.cut or not given:
        return Counter()
    rest = item.cut - sum((size * count for size, count in given.items()), Fraction(0))
    smallest = min(given)
    more = rest / smallest
    return given + Counter({smallest: int(more)} if more >= 1 and more.denominator == 1 else {})


def _pieces_words(pieces: Counter[Fraction]) -> str:
    return listing(
        f"{number(count)} {_PIECES[size][count > 1]}" for size, count in sorted(pieces.items(), reverse=True)
    )


def handed_words(item: Item, product: PlannedProduct) -> str:
    """What is handed over: "84 tablets (4 of them cut)", "240 mL (2 bottles of 120 mL)".

    Of containers that are not full, it is said what they hold: nobody takes their size for the content.
    """
    words = quantity_words(item, product)
    if not item.parts or sum(part.size * part.count for part in item.parts) == item.quantity:
        return words
    return f"{amount(item.quantity, item.unit)} {listing(_holding(part, item, product) for part in item.parts)}"


def _holding(part: Part, item: Item, product: PlannedProduct) -> str:
    word, size = container_word(product), amount(part.size, item.unit) if item.unit == "mL" else number(part.size)
    if part.count == 1:
        return f"in a {word} that holds {size}"
    return f"in {amount(part.count, word)} that hold {size} each"


def _pour_words(item: Item, product: PlannedProduct, customs: Customs) -> str:
    """How much to pour out of the stock bottle, into which containers, and how long that bottle must last."""
    if not product.is_poured:
        return ""
    sizes = [f"{amount(part.count, 'container')} of {amount(part.size, item.unit)}" for part in item.parts]
    poured = f"Pour {amount(item.quantity, item.unit)} from the stock bottle into {listing(sizes or ['a container'])}."
    if item.discard_after is None:
        return poured
    return f"{poured} Take a stock bottle that does not expire before {customs.day(item.discard_after)}."


def code_words(product: PlannedProduct) -> str:
    """The codes of a product's packages; empty where none is known."""
    known = ", ".join(code for code in product.codes if _NDC.fullmatch(code))
    others = ", ".join(code for code in product.codes if not _NDC.fullmatch(code))
    return ", ".join(filter(None, (f"NDC {known}" if known else "", others)))


def lot_rows(pick: Pick) -> tuple[str, ...]:
    """What has a lot of its own to write down: each batch that is made, each pack or bottle unless they are many, the
    stock bottle that is poured from."""
    if pick.item.batches:
        return _numbered("batch", pick.item.batches)
    if pick.product.is_poured:
        return ("",)
    count = containers(pick.item)
    return _numbered("lot", count) if 1 < count <= _MOST_LOTS else ("",)


def serial_rows(plan: Plan, pick: Pick) -> tuple[str, ...]:
    """The serial beside each row of `lot_rows`: the container's own, or the first and the last of all containers."""
    each, rows = serials(plan, pick.item), len(lot_rows(pick))
    if len(each) == rows and not pick.item.batches:
        return each
    return (each[0] if len(each) == 1 else f"{each[0]} to {each[-1]}",) * rows


def _numbered(word: str, count: int) -> tuple[str, ...]:
    return tuple(f"{word} {place} of {count}" for place in range(1, count + 1))


def span_words(pick: Pick, customs: Customs = AMERICAN) -> str:
    """For which days an item is; a sentence."""
    span = customs.days(pick.item.first_day, pick.item.use_until, beside=pick.item.date)
    return f"{pick.product.name}: this supply is for {span}."


def finding_words(finding: Finding, customs: Customs = AMERICAN) -> tuple[str, str, str]:
    """How grave a finding is, where it is, and what it says, with dates as people write them."""
    where, message = customs.people_dates(finding.where), customs.people_dates(finding.message)
    return _SEVERITY[finding.severity], where, message


def visit_words(plan: Plan, date: dt.date) -> str:
    """Which visit of how many: "visit 1 of 13"."""
    dates = visit_dates(plan)
    return f"visit {dates.index(date) + 1} of {len(dates)}"


def cost_rows(plan: Plan, found: Sequence[Pick]) -> tuple[tuple[str, str], ...]:
    """The money of a visit and of the plan: names and amounts."""
    this_visit = sum((pick.item.cost for pick in found), Fraction(0))
    amounts = [("Products of this visit", this_visit)]
    if plan.costs is not None and plan.total is not None:
        amounts += [
            ("Products of the plan", plan.costs.products),
            ("Fees for items", plan.costs.item_fees),
            ("Fees for cutting", plan.costs.split_fees),
            ("Total of the plan", plan.total),
        ]
    return tuple((name, money(value, plan.currency)) for name, value in amounts)
