"""What the dispensing sheet says: what to count, cut and label, from which stock, at what cost."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Finding, Item, Plan, PlannedProduct, Severity
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.directions import steps_served
from splitter.wording.figures import amount, listing, money, number
from splitter.wording.identity import containers, serials
from splitter.wording.label import product_of, refuse_same_names
from splitter.wording.lint import refuse
from splitter.wording.visits import items_of_visit, visit_dates

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

    `pour` is a sentence where it is poured out of a stock bottle, else empty.
    """

    item: Item
    product: PlannedProduct
    whole: str
    cut: str
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
            pour=_pour_words(item, product_of(plan, item), customs),
        )
        for item in items_of_visit(plan, date)
    )
    refuse(
        (f"items.{plan.items.index(pick.item)}", words) for pick in found for words in (pick.whole, pick.cut, pick.pour)
    )
    return found


def _cut_words(plan: Plan, item: Item) -> str:
    """How many units to cut, and into which pieces."""
    pieces: Counter[Fraction] = Counter()
    for first, last, step in steps_served(plan, item):
        for administration in step.administrations:
            for take in administration.take:
                if take.product == item.product and take.fraction < 1:
                    pieces[take.fraction] += take.count * ((last - first).days + 1)
    words = [f"{number(count)} {_PIECES[size][count > 1]}" for size, count in sorted(pieces.items(), reverse=True)]
    return f"{amount(item.cut, item.unit)} into {listing(words)}" if item.cut and words else ""


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
