"""Error-prone ways to write a dose, which nothing that this program prints may hold.

The marks are those of ISMP's list of error-prone abbreviations, symbols and dose designations, read in
secondary copies; the reasons are in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from splitter.errors import Fault, InputError

_MARKS = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\d\.\d*0(?![\d.])", "trailing zero"),
        (r"(?<![\d.])\.\d+", "decimal point without a leading zero"),
        (r"\d(?:mg|mcg|g|kg|mL|L|ug|units?|tablets?|capsules?|packets?)\b", "no space between number and unit"),
        (r"(?<![\w/-])\d+/\d+(?![\w/-])", "fraction with a slash: write it in words"),
        (r"[½⅓⅔¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚]", "small fraction: write it in words"),
        (r"[µμ]g|\bug\b", "microgram sign: write mcg"),
        (r"(?:\b|(?<=\d))(?:cc|ccs|ml|mls|mLs|ML)\b", "write mL"),
        (r"(?:\b|(?<=\d))(?:U|IU|u)\b", "write units"),
        (r"\b(?:[Qq]\.?[Dd]\.?|QOD|qod|OD|od|o\.d\.)(?!\w)", "write daily or every other day"),
        (r"\b(?:hs|HS|qhs|QHS|h\.s\.)(?!\w)", "write at bedtime"),
        (r"\b(?:[btq]id|[BTQ]ID|[btq]\.i\.d\.|[BTQ]\.I\.D\.?)(?!\w)", "write each time of day"),
        (r"\b(?:prn|PRN|p\.r\.n\.|po|PO|p\.o\.|per os)(?!\w)", "write it in words"),
        (r"\b[Qq]\.?\s?(?:\d+\s?[Hh]|[ap]m|AM|PM)\b", "write each time of day"),
        (r"\b(?:SC|SQ|sub q|D/C|d/c|ss|gtts?)\b", "abbreviation that is mistaken for another"),
        (r"\b(?:gm|gms|gr|grains?)\b", "write g or mg"),
        (r"\b(?:tsp|tbsp|[Tt](?:ea|able)spoon(?:ful)?s?)\b", "household measure: write mL"),
        (
            r"\b(?:m?[gL]|mcg|units?)\s?/\s?(?:[\d.]+\s)?(?:m?L|kg|day|dose|tablet|capsule)\b",
            "slash that is mistaken for 1: write per",
        ),
        (r"\d,\d{1,2}(?![\d])", "decimal comma"),
        (r"\d:\d{3,}", "ratio: write the amount in a volume"),
        (r"\bm[gL]\.(?!\s*$|\s+[A-Z(])", "full stop after the unit"),
        (
            r"(?<![\d.,])\d{4,}(?:\.\d+)?\s?(?:mg|mcg|g|mL|units?|tablets?|capsules?|packets?)\b",
            "no comma in 1,000 or more",
        ),
        (r"[A-Za-z]\d+(?:\.\d+)?\s?(?:mg|mcg|mL)\b", "no space between name and dose"),
        (r"[@&+<>]", "symbol that is mistaken for a figure"),
        (r"°(?!\s?[CF]\b)", "degree sign for hour"),
    )
)


@lru_cache(maxsize=8192)
def error_prone(text: str) -> tuple[str, ...]:
    """Each error-prone mark in `text`, with its reason; empty when the text may be printed.

    >>> error_prone("Take 2.5 mL (12.5 mg) at noon.")
    ()
    >>> error_prone("Take .5mg hs")
    ("'.5': decimal point without a leading zero", "'5mg': no space between number and unit", "'hs': write at bedtime")
    """
    return tuple(f"{match[0]!r}: {reason}" for pattern, reason in _MARKS for match in pattern.finditer(text))


def refuse(lines: Iterable[tuple[str, str]]) -> None:
    """Raises InputError with each error-prone mark of `lines`, pairs of the place in the plan and the words there."""
    faults = [
        Fault(file="plan", key=key, found=f"{line!r} ({mark})", remedy="write it without the error-prone mark")
        for key, line in lines
        for mark in error_prone(line)
    ]
    if faults:
        raise InputError(dict.fromkeys(faults))
