"""The schedules inside a prescriber's ranges in words for the terminal: a table, and what must be known of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from splitter.cli.show import sections, wrapped
from splitter.service import Drop, Proposal, Proposals
from splitter.taper import length_words, pace_words
from splitter.wording.figures import amount, day, listing, money, number, percent

_HEADS = ("", "length", "last day", "hardest step", "cost", "visits", "cut", "fine", "fine from", "pace")
_FIGURES = (1, 3, 4, 5, 6, 7)
_GAP = "  "
_DAYS = {"cut": "days with pieces of tablets", "fine": "days with something to measure or compounded"}


def proposals(offered: Proposals) -> str:
    """The best schedule of each length, and how to choose one."""
    head = (
        f"{offered.number}, {offered.drug}: {amount(len(offered.proposals), 'schedule')} inside the ranges, the best "
        f"of each length, of {amount(offered.choices, 'choice')} of paces."
    )
    return sections(wrapped(head, 0), _table(offered), _legend(), _remarks(offered))


def _table(offered: Proposals) -> Iterator[str]:
    """Columns as wide as what stands in them; figures to the right."""
    rows: list[Sequence[str]] = [_HEADS, *(_row(offered, each) for each in offered.proposals)]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{row[n]:>{wide[n]}}" if n in _FIGURES else f"{row[n]:<{wide[n]}}" for n in range(len(wide)))
        yield _GAP.join(cells).rstrip()


def _row(offered: Proposals, each: Proposal) -> Sequence[str]:
    return (
        f"{'*' if each.is_unbeaten else ' '}{each.number:>2}",
        length_words(each.days),
        day(each.last),
        percent(_share(each.hardest)) if each.hardest is not None else "",
        money(each.total, offered.currency) + ("" if each.is_proved else " or less"),
        number(each.visits),
        number(each.cut_days),
        number(each.fine_days),
        ("" if each.fine_from is None else day(each.fine_from)) + (" made" if each.is_compounded else ""),
        "; ".join(map(pace_words, each.paces)),
    )


def _drop(drop: Drop) -> str:
    return f"{amount(drop.before_mg, 'mg')} to {amount(drop.after_mg, 'mg')}, {percent(_share(drop))}"


def _share(drop: Drop) -> Fraction:
    """By how much the dose is lower, of the dose before."""
    return (drop.before_mg - drop.after_mg) / drop.before_mg


def _legend() -> Iterator[str]:
    yield from wrapped(
        "* no other is at once no longer, no harder, no dearer and of no more visits, and better in one of these. "
        "The hardest step takes the largest part of what the range allows. "
        f"{'; '.join(f'{head}: {words}' for head, words in _DAYS.items())}; made: something must be compounded.",
        0,
    )
    yield from wrapped("Choose one with --choose N -o FILE.", 0)


def _remarks(offered: Proposals) -> Iterator[str]:
    """Where the range isn't kept, and what isn't shown."""
    for each in offered.proposals:
        if each.over:
            dated = [f"{day(drop.first)} ({_drop(drop)})" for drop in each.over]
            yield from wrapped(f"{each.number}: above the range on {listing(dated)}.", 0, 4)
    under = [str(each.number) for each in offered.proposals if each.under]
    if under:
        words = f"In {listing(under)} some steps are lower by less than the range: no dose inside it can be given."
        yield from wrapped(words, 0)
    if offered.unreachable:
        words = f"{amount(offered.unreachable, 'choice')} of paces can't reach the dose that is to end the taper."
        yield from wrapped(words, 0)
    if offered.not_made:
        lengths = listing([length_words(days) for days in offered.not_made])
        yield from wrapped(f"No schedule of {lengths} can be made.", 0)
