"""Hebrew and Arabic as they stand on paper: letters joined, and set in the order in which a line shows them.

Only the line that is measured and drawn goes through here; a plan, and every mark, holds words in the order of reading.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from arabic_reshaper import ArabicReshaper
from arabic_reshaper.letters import LETTERS_ARABIC
from bidi import get_display

# The font has no isolated forms of its own: there, a letter is its own isolated form. Marks are refused before.
_RESHAPER = ArabicReshaper(
    {"use_unshaped_instead_of_isolated": True, "delete_harakat": False, "ARABIC LIGATURE ALLAH": False}
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ARABIC = "[\u0620-\u06ff]"
# A letter that would join the next one, and does not in the spelling of some Persian names.
_NON_JOINER = re.compile(f"(?<={_ARABIC})\u200c(?={_ARABIC})")
_MARK = "\N{LEFT-TO-RIGHT MARK}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_BEFORE_NUMBER = re.compile(rf"(?<![\d{_NO_BREAK}+])(?=\+?\d)")


@lru_cache(maxsize=4096)
def shown(text: str) -> str:
    """`text` as its characters stand on the line from left to right.

    A line with Latin, Greek or Cyrillic letters runs from left to right, and its numbers keep their place beside them;
    one of Hebrew or Arabic alone runs from right to left. Groups of digits always keep their order.

    >>> [hex(ord(letter)) for letter in shown("אב 12")]
    ['0x31', '0x32', '0x20', '0x5d1', '0x5d0']
    """
    if not _RIGHT_TO_LEFT.search(text):
        return text
    joined = _RESHAPER.reshape(text).replace("\u200c", "")
    left = any(unicodedata.bidirectional(character) == "L" for character in joined)
    # The bidirectional algorithm swaps "555" and "0100" beside Hebrew, but nothing within one number; and it would
    # take "10" in "10 mg" for a part of the Hebrew before it.
    joined = _BETWEEN_DIGITS.sub(_NO_BREAK, joined)
    joined = _BEFORE_NUMBER.sub(_MARK, joined)
    placed = str(get_display(joined, base_dir="L" if left else "R"))
    return placed.replace(_MARK, "").replace(_NO_BREAK, " ")


def without_joiners(text: str) -> str:
    """`text` without the control characters that Arabic spelling needs, where it needs them."""
    return _NON_JOINER.sub("", text)


def unjoinable(character: str) -> bool:
    """Whether `character` is a letter of Arabic script whose joined forms aren't known."""
    return (
        unicodedata.bidirectional(character) == "AL"
        and unicodedata.category(character).startswith("L")
        and (character not in LETTERS_ARABIC)
    )
