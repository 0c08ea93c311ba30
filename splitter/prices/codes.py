"""Product codes as a list writes them, made comparable: an NDC as its 11 digits, a dm+d code as it is."""

from __future__ import annotations

import re

from splitter.formulary import billing_code, is_snomed

_NDC = re.compile("[0-9]{1,11}")
_NDC_SEGMENTS = re.compile("[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}")


def ndc_of(text: str) -> str | None:
    """An NDC as 11 digits, None for what is none. Every code of NADAC has 11 digits; fewer have lost zeros in front.

    >>> ndc_of("172409660"), ndc_of("0172-4096-60"), ndc_of("5.9148E+10")
    ('00172409660', '00172409660', None)
    """
    if _NDC_SEGMENTS.fullmatch(text):
        return billing_code(text)
    return text.zfill(11) if _NDC.fullmatch(text) and int(text) else None


def snomed_of(text: str) -> str | None:
    """A code of SNOMED CT, as dm+d uses them; None for what is none, such as one that a spreadsheet has rounded.

    >>> snomed_of("42032611000001100"), snomed_of("42032611000001000"), snomed_of("4.20326E+16")
    ('42032611000001100', None, None)
    """
    return text if is_snomed(text) else None
