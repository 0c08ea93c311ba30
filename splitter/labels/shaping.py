"""Hebrew and Arabic as they stand on paper: letters joined, and set in the order in which a line shows them.

Only the line that is measured and drawn goes through here; a plan, and every mark, holds words in the order of reading.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from arabic_reshaper import ArabicReshaper
from arabic_reshaper.letters import LETTERS_ARABIC
from bidi.algorithm import get_display

# `bidi.algorithm`, because the faster `bidi.get_display` turns brackets with their words but not their signs.
# The font has no isolated forms of its own: there, a letter is its own isolated form. Marks are refused before.
_RESHAPER = ArabicReshaper(
    {"use_unshaped_instead_of_isolated": True, "delete_harakat": False, "ARABIC LIGATURE ALLAH": False}
)
_LETTERS = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}]")
_PHRASE = re.compile(rf"([{_LETTERS}](?:[\W{_LETTERS}]*[{_LETTERS}])?)(\)?)")
_ARABIC = "[\u0620-\u06ff]"
# A letter that would join the next one, and does not in the spelling of some Persian names.
_NON_JOINER = re.compile(f"(?<={_ARABIC})\u200c(?={_ARABIC})")
_NUMBER = re.compile(r"\+?\d(?:[\d .:/-]*\d)?")
_TO_RIGHT, _TO_LEFT, _NO_BREAK = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}", "\N{NO-BREAK SPACE}"
_WORDS_AGAIN = str.maketrans({_TO_RIGHT: None, _TO_LEFT: None, _NO_BREAK: " "})


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
    if any(unicodedata.bidirectional(character) == "L" for character in joined):
        return _PHRASE.sub(_turned, joined)
    # By itself, the algorithm swaps the groups of "555 0100" and takes the sign off "+972".
    kept = _NUMBER.sub(lambda match: f"{_TO_RIGHT}{match[0].replace(' ', _NO_BREAK)}{_TO_LEFT}", joined)
    return str(get_display(kept, base_dir="R")).translate(_WORDS_AGAIN)


def _turned(match: re.Match[str]) -> str:
    """A Hebrew or Arabic phrase in a line of Latin; a bracket after it belongs to it when it opens within."""
    phrase, after = match[1], match[2]
    if after and "(" in phrase:
        phrase, after = phrase + after, ""
    return str(get_display(phrase, base_dir="R")) + after


def without_joiners(text: str) -> str:
    """`text` without the control characters that Arabic spelling needs, where it needs them."""
    return _NON_JOINER.sub("", text)


def unjoinable(character: str) -> bool:
    """Whether `character` is a letter of Arabic script whose joined forms aren't known."""
    return (
        unicodedata.bidirectional(character) == "AL"
        and unicodedata.category(character).startswith("L")
        and character not in LETTERS_ARABIC
    )
