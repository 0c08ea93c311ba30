"""Codes of packages: National Drug Codes, and those of dm+d, which are SNOMED CT's. Text, never a number.

A number loses its leading zeros, and spreadsheets keep 15 digits of it: the rest of a longer code is rounded. The last
digit of a code of SNOMED CT is a check digit by Verhoeff's scheme (SNOMED CT Release File Specifications, SCTID check
digit), which finds every wrong digit that stands alone, and nine roundings of ten.
"""

from __future__ import annotations

import re
from typing import Annotated

from splitter.codec import from_text
from splitter.units import ReadError, quoted

_SEGMENTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))
_BILLING = (5, 4, 2)
_REMEDY = 'write the package\'s code in its segments, such as "70710-1285-1", or its eleven digits'


# Verhoeff's scheme: multiplication in the dihedral group of ten, and the permutation that each place repeats.
_TURNS = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PLACES = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_SNOMED = re.compile("[1-9][0-9]{5,17}")


def is_snomed(text: str) -> bool:
    """Whether a text is an identifier of SNOMED CT: 6 to 18 digits of which the last fits the others.

    >>> is_snomed("42032611000001100"), is_snomed("42032611000001000"), is_snomed("4.20326E+16")
    (True, False, False)
    """
    if not _SNOMED.fullmatch(text):
        return False
    check = "0"
    for place, digit in enumerate(reversed(text)):
        check = _TURNS[int(check)][int(_PLACES[place % len(_PLACES)][int(digit)])]
    return check == "0"


def dmd_code(text: str) -> str:
    """Read a code of dm+d. Raises ReadError."""
    if not _SNOMED.fullmatch(text):
        raise ReadError(quoted(text), "write the 6 to 18 digits of the dm+d code")
    if not is_snomed(text):
        found = f"{quoted(text)}, whose last digit doesn't fit the others"
        raise ReadError(found, "copy the dm+d code as text; a spreadsheet rounds it")
    return text


def national_drug_code(text: str) -> str:
    """Read a package's code: segments of 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits, or eleven digits without hyphens.

    Ten digits without hyphens are refused: where the missing zero belongs can't be known. Raises ReadError.
    """
    segments = tuple(len(segment) for segment in text.split("-"))
    if re.fullmatch("[0-9-]+", text, re.ASCII) and (segments in _SEGMENTS or segments == (sum(_BILLING),)):
        return text
    raise ReadError(quoted(text), _REMEDY)


def billing_code(code: str) -> str:
    """The eleven digits by which prices are published: each segment filled to 5-4-2 with zeros in front.

    >>> billing_code("70710-1285-1")
    '70710128501'
    """
    if "-" not in code:
        return code
    return "".join(segment.zfill(width) for segment, width in zip(code.split("-"), _BILLING, strict=True))


Ndc = Annotated[str, from_text(national_drug_code)]
Dmd = Annotated[str, from_text(dmd_code)]
