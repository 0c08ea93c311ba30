"""How exactly the steps of a plan are delivered, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.cli.show import wrapped
from splitter.plan import Plan
from splitter.precision import unresolved
from splitter.service import Inputs, precision, resolving
from splitter.wording.report import step_rows, unresolved_words

_HEAD = ("Step", "mg a day", "95 % of days, mg", "Not lower", "Shows, mg")


def how_exactly(made: Plan, inputs: Inputs) -> list[str]:
    """Each step with where 95 % of days lie, the chance that a day is not lower than before, the least that shows."""
    exact = precision(made, inputs)
    if not exact:
        return []
    rows = [(row.step, row.dose, row.delivers, row.chance, row.resolves) for row in step_rows(made, exact)]
    found = unresolved(exact)
    said = wrapped(f"* {unresolved_words(found, resolving(made, inputs), made)}", 2, 4) if found else []
    return ["How exactly each step is delivered", *_columns([_HEAD, *rows]), *said]


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()
