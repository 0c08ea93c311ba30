"""The embedded type: which characters it shows, how wide words are, where lines break.

FiraGO (SIL Open Font License, from `pymupdf_fonts`) is a sans serif with Latin, Vietnamese, Greek, Cyrillic, Hebrew and
Arabic. Texts come in the order of reading; they are measured as `shaping` puts them on the line.
Sizes and widths are in points (1/72 in); floats serve here only to place ink.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from pymupdf_fonts import FiraGO_Bold, FiraGO_Regular
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from splitter.errors import Fault, InputError
from splitter.labels.shaping import shown, unjoinable, without_joiners

# The font's own ascent and descent, as shares of the size; together they are the distance between lines.
ASCENT = 0.935
DESCENT = 0.265
LEADING = ASCENT + DESCENT

# The groups of a telephone number stay together; a number with its unit and its fraction, a range of degrees, a ratio
# and a product; a month with its day, its weekday and its year, the number of a part with that of all.
_SHARE = r"(?:a (?:half|third|quarter)|two (?:third|quarter)s|three quarters)\b"
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_GLUED = re.compile(
    r"(?<=\d) (?=(?:mg|mL|tablet|capsule|packet|suspension|solution)\b|(?:tablet|capsule|packet)s\b|AM\b|PM\b)"
    r"|(?<=\d) (?=in the\b|at\b)|(?<=\bat) (?=\d{1,2}(?::\d\d)? (?:[AP]M|noon|midnight)\b)"
    r"|(?<=\d) (?=\d)|(?<=\d\)) (?=\d)|(?<=\d) (?=\(\d)"
    r"|(?<=\d) (?=to \d+ °|[°%])|(?<=\d to) (?=\d+ °)"
    r"|(?<=\d) (?=[:×] \d)|(?<=\d [:×]) (?=\d)"
    rf"|(?<=\b(?:{_MONTH})) (?=\d{{1,2}}\b)|(?<=\d) (?=(?:{_MONTH})\b)"
    rf"|(?<=\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)) (?=(?:{_MONTH})\b|\d{{1,2}}\b)"
    rf"|(?<=\b(?:{_MONTH}) \d,) (?=\d{{4}}\b)|(?<=\b(?:{_MONTH}) \d\d,) (?=\d{{4}}\b)|(?<=\blabel) (?=\d)"
    r"|(?<=\bpart) (?=\d+ of \d)|(?<=\bpart \d) (?=of \d)|(?<=\bpart \d\d) (?=of \d)|(?<=\d of) (?=\d)"
    rf"|(?<=\d) (?=and {_SHARE})|(?<=\d and) (?={_SHARE})"
)
_JOINER = "\N{NO-BREAK SPACE}"


class Face(StrEnum):
    REGULAR = "FiraGO-Regular"
    BOLD = "FiraGO-Bold"


def font_file(face: Face) -> bytes:
    """The TrueType file of `face`."""
    return bytes((FiraGO_Regular if face is Face.REGULAR else FiraGO_Bold).fontbuffer)


@cache
def _font(face: Face) -> Any:
    """The reportlab font of `face`, registered under its name."""
    font = TTFont(face.value, io.BytesIO(font_file(face)))
    pdfmetrics.registerFont(font)
    return font


def subsets(text: str, face: Face, canvas: Canvas) -> Iterator[tuple[str, bytes]]:
    """`text` as the bytes by which the fonts of `canvas` know its characters, each part with its font's name there."""
    font, document = _font(face), canvas._doc
    for subset, data in font.splitString(text, document):
        yield font.getSubsetInternalName(subset, document), data


@lru_cache(maxsize=8192)
def width(text: str, face: Face, size: float) -> float:
    """The width of `text` [pt].

    Raises InputError for a character that `face` can't show, so that nothing unshown is ever placed.
    """
    widths, known = _font(face).face.charWidths, _font(face).face.charToGlyph
    total = 0
    for character in shown(text):
        if ord(character) not in known:
            raise InputError([fault_of(character, key="", reason=_UNSHOWN)])
        total += widths[ord(character)]
    return total * size / 1000


_UNSHOWN = "a character that the label's font can't show"


def fault_of(character: str, key: str, reason: str) -> Fault:
    """The fault of one character that can't be printed."""
    name = unicodedata.name(character, "no name")
    found = f"{reason}: U+{ord(character):04X} ({name})"
    return Fault(file="plan", key=key, found=found, remedy="write it with other characters")


def unprintable(text: str, key: str) -> tuple[Fault, ...]:
    """A fault for each different character of `text` that must not or can't be printed; `key` says where it stands."""
    if text.isascii() and text.isprintable():
        return ()
    return tuple(fault_of(character, key, reason) for character, reason in _reasons(text))


@lru_cache(maxsize=4096)
def _reasons(text: str) -> tuple[tuple[str, str], ...]:
    """Each different character of a text that can't be printed, and why."""
    reasons = {character: _reason(character) for character in without_joiners(normal(text))}
    return tuple((character, reason) for character, reason in reasons.items() if reason)


@lru_cache(maxsize=4096)
def _reason(character: str) -> str:
    """Why a character can't be printed; empty when it can."""
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return "a control character"
    if unjoinable(character):
        return "a letter that can't be joined to its neighbours"
    if category.startswith("M"):
        return "a combining mark, which this version can't place"
    return "" if all(ord(character) in _font(face).face.charToGlyph for face in Face) else _UNSHOWN


def normal(text: str) -> str:
    """`text` in composed form (NFC), with each run of spaces as one space."""
    if text.isascii() and "  " not in text:
        return text.strip()
    return re.sub(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+", " ", unicodedata.normalize("NFC", text)).strip()


class TooWideError(ValueError):
    """A word that is wider than the line it must stand on; it names the word."""


@lru_cache(maxsize=8192)
def wrap(text: str, face: Face, size: float, room: float, indent: float = 0) -> tuple[str, ...]:
    """`text` broken into lines of at most `room` points, the first shorter by `indent`.

    Where not even the first word fits beside the indent, the first line is empty.

    Raises TooWideError for a word that is wider than `room`.
    """
    lines: list[str] = []
    line, left = "", room - indent
    for word in _GLUED.sub(_JOINER, normal(text)).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, face, size) <= left:
            line = longer
            continue
        if width(word, face, size) > room:
            raise TooWideError(word)
        if line or indent:
            lines.append(line)
        line, left = word, room
    lines.append(line)
    return tuple(line.replace(_JOINER, " ") for line in lines)
