"""What came of a price list, in words for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from splitter.cli.show import sections
from splitter.cli.show_formulary import table
from splitter.prices import Change, NewPrice, Outcome, Refusal, exact_price
from splitter.quantity import format_exact
from splitter.wording.figures import amount, number

_HEADINGS = ("product", "price", "before", "of", "by", "rows")
_SHOWN_ROWS = 3


def outcome(imported: Outcome) -> str:
    """What was read and taken, and what was not and why."""
    return sections(
        _heading(imported),
        ["Prices taken", *(f"  {line}" for line in table(_HEADINGS, [_change(each) for each in imported.changes]))]
        if imported.changes
        else (),
        _refusals(imported.refusals),
    )


def _heading(imported: Outcome) -> Iterator[str]:
    yield f"{imported.file}: {imported.publisher}, {amount(imported.rows, 'row')}, prices in {imported.currency}"
    products = amount(len(imported.changes), "product")
    yield f"  {number(imported.taken):>7} taken, for {products}"
    yield f"  {number(imported.refused):>7} not taken; the reasons are below"
    if imported.set_aside:
        yield f"  {number(imported.set_aside):>7} set aside: older than others, or by name where others have the code"
    yield f"  {number(imported.unrelated):>7} of no drug that is known here"


def _change(change: Change) -> tuple[str, ...]:
    return (
        change.product,
        _prices(change.prices, change.unit)
        + (f" (as before: {_prices(change.kept, change.unit)})" if change.kept else ""),
        _prices(change.before, change.unit),
        change.date.isoformat(),
        change.matched.value,
        str(len(change.rows)),
    )


def _prices(prices: Sequence[NewPrice], unit: str) -> str:
    """Each size with its price; three of them at most."""
    listed = [_price(each, unit) for each in prices[:_SHOWN_ROWS]]
    return ", ".join(listed) + (", …" if len(prices) > _SHOWN_ROWS else "")


def _price(price: NewPrice, unit: str) -> str:
    if price.size is None:
        return f"{exact_price(price.price)} each"
    return f"{format_exact(price.size)}{' mL' if unit == 'mL' else ''}: {exact_price(price.price)}"


def _refusals(refusals: Sequence[Refusal]) -> Iterator[str]:
    """The reasons, drug by drug; those that several rows share are told once."""
    if refusals:
        yield "Not taken"
    drug = None
    groups: dict[tuple[str | None, str, str | None], list[Refusal]] = {}
    for each in refusals:
        groups.setdefault((each.drug, each.reason, each.product), []).append(each)
    for (about, reason, product), own in groups.items():
        if about != drug:
            yield f"  {about}"
            drug = about
        rows = sorted({row for each in own for row in each.rows})
        listed = ", ".join(map(str, rows[:_SHOWN_ROWS])) + (", …" if len(rows) > _SHOWN_ROWS else "")
        lines = f"{'line' if len(rows) == 1 else 'lines'} {listed}"
        yield f"    {f'{product}: ' if product else ''}{reason}"
        yield f"      {amount(len(rows), 'row')}, {lines}, such as {own[0].name}"
