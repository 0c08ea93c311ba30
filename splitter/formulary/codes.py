"""National Drug Codes: text in segments, never a number, so that no leading zero is lost."""

from __future__ import annotations

import re
from typing import Annotated

from splitter.codec import from_text
from splitter.units import ReadError, quoted

_SEGMENTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))
_BILLING = (5, 4, 2)
_REMEDY = 'write the package\'s code in its segments, such as "70710-1285-1", or its eleven digits'


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
