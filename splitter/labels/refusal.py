"""Why an item's labels don't fit the stock: which words are too long, and which stock would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from splitter.errors import Fault, InputError
from splitter.labels.content import Content
from splitter.labels.layout import contents
from splitter.labels.stocks import STOCKS
from splitter.labels.style import Style
from splitter.wording import LabelText

# How many stocks a refusal names, and how many labels of one container are still few.
_NAMED, _FEW = 4, 3


def explained(error: InputError, containers: Sequence[LabelText], style: Style) -> InputError:
    """The refusal with its remedies: larger stock, or a shorter name where one that somebody wrote is the cause."""
    larger = ", ".join(_fitting(containers, style))
    remedy = f"print on larger stock, such as {larger}" if larger else "print on larger stock of your own"
    written = list(_too_long(containers[0], style))
    if written:
        remedy = f"{remedy}, or shorten it"
        faults = [fault for key, words in written for fault in style.setting.misfit(key, words).faults]
    else:
        faults = list(error.faults)
    return InputError(Fault(file=each.file, key=each.key, found=each.found, remedy=remedy) for each in faults)


def _too_long(text: LabelText, style: Style) -> Iterator[tuple[str, str]]:
    """The words from outside, with their places, without whose length the labels would fit."""
    shorter = (
        replace(text, patient="A"),
        replace(text, purpose=text.purpose and "For A."),
        text,
        replace(text, prescriber="A"),
        replace(text, pharmacy="A"),
        replace(text, pharmacy_address="A"),
    )
    for (key, words), other in zip(text.outside(), shorter, strict=True):
        if _laid_out((other,), style):
            yield key, words


def _laid_out(containers: Sequence[LabelText], style: Style) -> tuple[tuple[Content, ...], ...]:
    """What the labels say; nothing where they don't fit."""
    with suppress(InputError):
        return contents(containers, style.setting, continued=style.continued)
    return ()


def _fitting(containers: Sequence[LabelText], style: Style) -> list[str]:
    """Built-in stock on which they fit by the same profile, the smallest first; few labels if possible."""
    stocks = sorted(STOCKS.values(), key=lambda stock: stock.room_wide * stock.room_high)
    made = {stock.name: _laid_out(containers, replace(style, stock=stock)) for stock in stocks}
    counts = {name: len(each[0]) for name, each in made.items() if each}
    few = [name for name, count in counts.items() if count <= _FEW]
    return (few or list(counts))[:_NAMED]
