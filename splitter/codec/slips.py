"""What is no TOML, told to somebody who doesn't know it: the line, and how to write what seems to be meant.

tomllib says where it gave up and what it expected there. What people type is mostly one of a few things: no quotes, or
a date as it is written elsewhere. The line itself tells which.
"""

from __future__ import annotations

import re

from splitter.errors import Fault
from splitter.units import quoted

_PLACE = re.compile(r"\(at (?:line ([0-9]+), column [0-9]+|end of document)\)")
_TWICE = re.compile(r"Cannot (overwrite|declare|mutate)|Duplicate")
_PAIR = re.compile(r"\s*([\w.-]+)\s*=\s*(.*?)\s*(#.*)?")
_DATE = "write a date that exists, as year, month and day without quotes, such as 2026-12-01"
_SLIPS = (
    (r".*[“”„‟″‘’‚].*", "write straight quotes"),
    (r"[^=\"]*:.*", 'write key = "value"'),
    (r"[^=\[\]\"]+", 'write key = "value", and what is no part of it behind #'),
    (r"[^=]+=", 'write a value behind the =, such as "10 mg", or leave the line out'),
    (r"[^=]+=\s*[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/., ]+[0-9]{1,4}\b[^\"]*", _DATE),
    (r"[^=]+=\s*[A-Za-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}", _DATE),
    (r"[^=]+=\s*\[?[^#]*?(?<!\")\b[0-9]{1,2}:[0-9]{2}.*", 'write times in quotes, such as "08:00"'),
    (r"(?i)[^=]+=\s*(true|false|yes|no)", "write true or false, in small letters"),
    (r"[^=]+=\s*\[[^\]]*", "close the list with ]"),
    (r'[^=]+=\s*\[.*["\w]\s+["\w].*', "write a comma between the parts of a list"),
    (r"[^\"]*\"[^\"]*(\"[^\"]*\"[^\"]*)*", "close the quotes on the same line"),
    (r"[^=]+=\s*[^\"'\[{\s][^\"]*", "write texts and amounts in quotes, as in {meant}"),
    (r"\[.*", "write a table as [name] and one of several as [[name]], on a line of its own"),
)
"""What a whole line looks like, the most telling first, and its remedy."""


def no_toml(error: Exception, text: str, file: str) -> Fault:
    """The fault of a text that tomllib refuses: its line, as it stands there, and how to mend it."""
    place = _PLACE.search(str(error))
    lines = text.rstrip().split("\n")
    number = min(int(place[1] or len(lines)), len(lines)) if place else None
    line = lines[number - 1].strip() if number else ""
    pair = _PAIR.fullmatch(line)
    if text.lstrip().startswith("{"):
        found, remedy = (
            "a text that begins as JSON does",
            "name a TOML file, such as a prescription; a plan is named as PLAN",
        )
    elif not line:
        found, remedy = f"what is no TOML ({error})", "write keys and values, as in a prescription made by splitter new"
    elif _TWICE.match(str(error)):
        found, remedy = f"{quoted(line)}, which stands there already", "keep one of the two"
    else:
        found = f"{quoted(line)}, which is no TOML"
        remedy = _remedy(line.removesuffix(pair[3] or "") if pair else line)
    return Fault(file=file, key=pair[1] if pair else "", found=found, remedy=remedy, line=number)


def _remedy(line: str) -> str:
    pair = _PAIR.fullmatch(line)
    meant = f'{pair[1]} = "{pair[2]}"' if pair else 'for = "2 weeks"'
    remedies = (remedy for pattern, remedy in _SLIPS if re.fullmatch(pattern, line.strip()))
    other = "correct that line, or end what the one above begins"
    return next(remedies, other).replace("{meant}", meant)
