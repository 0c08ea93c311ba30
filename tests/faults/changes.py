"""Files changed at random: their structure, value by value, and their bytes."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
import tomllib
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.faults.files import Kind

Draw = Any

ALIKE: dict[str, tuple[Any, ...]] = {
    r".* mg/.*mL": ("1 mg/mL", "0.001 mg/100000 mL", "9999 mg/mL", "50 mg/1.25 mL", "1 mg/3 mL", "1/7 mg/mL"),
    r".* m?c?g": ("0 mg", "1 mcg", "0.001 mg", "1000000 mg", "999999999999 mg", "1/3 mg", "7 mg", "19.999 mg", "0.5 g"),
    r".* (day|week)s?": (
        "1 day",
        "0 days",
        "3660 days",
        "3661 days",
        "520 weeks",
        "999999999999 weeks",
        "1/2 day",
        "5 days",
    ),
    r".* mL by .*": ("100 mL by 0.1 mL", "1 mL by 0.001 mL", "0.001 mL by 0.001 mL", "3 mL by 0.05 mL", "a spoon"),
    r".* mL": ("0.001 mL", "100000 mL", "200 mL", "0 mL", "1.001 mL", "1/3 mL", "99999.999 mL"),
    r".* (min|h)": ("0 min", "1 min", "1/7 h", "100 h", "101 h"),
    r".* (mm|in)": ("0.0001 mm", "2000 mm", "1 in", "0 mm", "30.0000001 mm"),
    r".* %": ("0 %", "100 %", "101 %", "1/3 %", "0.000001 %", "99.99 %"),
    r"[0-9]{2}:[0-9]{2}": ("00:00", "23:59", "24:00", "08:00", "12:01"),
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}": ("9999-12-31", "0001-01-01", "2024-02-30", "1900-01-01", "2199-12-31", "2027-01-01"),
    r"-?[0-9]+([./][0-9]+)?": (
        "0",
        "-1",
        "1",
        "2",
        "0.00001",
        "0.000001",
        "1/3",
        "1000000",
        "999999999999",
        "1/999999",
        "1e9",
    ),
    r"[a-z0-9.-]+": (
        "never",
        "only",
        "free",
        "path",
        "simple",
        "quarters",
        "first",
        "stop",
        "tablet",
        "packet",
        "capsule",
        "suspension",
        "infeasible",
        "feasible",
        "optimal",
        "x",
        "X",
        "baclofen",
        "BACLOFEN",
        "warfarin",
        "plain",
        "fine",
    ),
    r"(?s).*": (
        "",
        " ",
        "x",
        "NaN",
        "=1+1",
        "a" * 500,
        "a" * 501,
        "a" * 100000,
        "\u202e",
        "\x00",
        "é",
        "�",
        "日本語",
        "𝔘",
        "<b>&amp;</b>",
        "[red]x[/red]",
        'O\'Neil \\ "x"',
        "^XA~",
        "1 mg",
        "2 weeks",
        "Ada Example",
    ),
}
"""Texts that nobody should write, and what is just allowed, by what they are put in the place of."""
NUMBERS = (0, 1, -1, 2, 3, 20, 24, 100, 1000, 100_000, 10_000_000, 10**12, 10**30, 10**4000)
DATES = (dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2199, 12, 31), dt.date(1900, 1, 1), dt.date(2027, 1, 1))
OTHERS: tuple[Any, ...] = (
    *(True, False, None, 0.5, 1e308, float("inf"), float("nan"), Decimal("1E+999999"), Decimal("0.1")),
    *([], {}, [[]], [{}], {"a": {}}, ["x"] * 2001, [["a"]] * 50, dt.datetime(2026, 1, 1), dt.time(8)),  # noqa: DTZ001
)
WEIRD = (*(text for texts in ALIKE.values() for text in texts), *NUMBERS, *DATES, *OTHERS)
_BYTES = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"'",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b"\n",
    b"\r",
    b"#",
    b"\\",
    b"\\ud800",
    b"9" * 5000,
)
_LARGEST = 3_000_000  # characters, beyond every bound on a file that people write
_NESTED = (b"[" * 3000, b"a." * 40_000 + b"a=1", b'{"a":' * 3000, b"[" * 100_000)


@st.composite
def changed(draw: Draw, kind: Kind) -> bytes:
    """A good file of this kind, changed."""
    text = draw(st.sampled_from(kind.contents))
    is_structured = kind.is_toml or kind.is_json
    breaks = draw(st.integers(1, 4)) if draw(st.integers(0, 3)) == 0 or not is_structured else 0
    if is_structured and (not breaks or draw(st.booleans())):
        text = _restructured(draw, text, kind)
    if draw(st.integers(0, 3)):
        text = kind.finish(text)
    content: bytes = text.encode("utf-8", "surrogatepass")
    for _ in range(breaks):
        content = _broken(draw, content)
    return content


def _restructured(draw: Draw, text: str, kind: Kind) -> str:
    """A text with one to four of its values put out of place, lost, doubled, or made weird."""
    fields = json.loads(text) if kind.is_json else tomllib.loads(text)
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 4)))):
        spots = list(_spots(fields))
        spot, key = spots[draw(st.integers(0, len(spots) - 1))] if spots else (fields, "x")
        match draw(st.sampled_from((*("alike",) * 8, "weird", "lost", "moved", "many", "new"))):
            case "alike" if spots:
                spot[key] = copy.deepcopy(draw(st.sampled_from(_alike(spot[key]))))
            case "weird":
                spot[key] = copy.deepcopy(draw(st.sampled_from(WEIRD)))
            case "lost":
                spot.pop(key, None) if isinstance(spot, dict) else spot.pop(key)
            case "moved":
                other, there = spots[draw(st.integers(0, len(spots) - 1))] if spots else (fields, "x")
                if there in other if isinstance(other, dict) else there < len(other):
                    spot[key] = copy.deepcopy(other[there])
            case "many":
                value = spot.get(key) if isinstance(spot, dict) else spot[key]
                count = draw(st.sampled_from((1, 2, 30, 2001)))
                spot[key] = [copy.deepcopy(value)] * min(count, 1 + _LARGEST // len(repr(value)))
            case "new" if isinstance(spot, dict):
                spot[draw(st.text(max_size=5))] = copy.deepcopy(draw(st.sampled_from(WEIRD)))
    return json.dumps(fields, default=str) if kind.is_json else as_toml(fields)


def _alike(value: Any) -> tuple[Any, ...]:
    """What could stand in the place of a value without being of another kind."""
    match value:
        case bool():
            return True, False
        case int():
            return NUMBERS
        case dt.date():
            return DATES
        case str():
            return next(texts for pattern, texts in ALIKE.items() if re.fullmatch(pattern, value))
        case list():
            return [], value * 2, value[::-1], value[:1], value[1:]
        case dict():
            return tuple({name: each for name, each in value.items() if name != left} for left in value) or ({},)
    return WEIRD


def _spots(value: Any) -> Any:
    """What holds each value, and under which key, a few levels deep in what was read."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in list(inner)[:60]:
        yield value, key
        yield from _spots(below)


def _broken(draw: Draw, content: bytes) -> bytes:
    """Bytes put in, taken out, or written over."""
    start = draw(st.integers(0, len(content)))
    end = min(len(content), start + draw(st.sampled_from((0, 1, 1, 2, 8, 200, 10**9))))
    middle = draw(
        st.sampled_from(_BYTES) | st.sampled_from(_NESTED) | st.binary(max_size=4) | st.just(content[start:end] * 2)
    )
    return content[:start] + middle + content[end:]


def as_toml(fields: dict[str, Any]) -> str:
    """Fields as TOML, as far as it knows them; tables stand on one line each."""
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in fields.items() if value is not None)


def _key(key: str) -> str:
    return json.dumps(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(below)}" for key, below in value.items() if below is not None)
            return f"{{ {inner} }}"
        case list():
            return "[" + ", ".join(_value(below) for below in value if below is not None) + "]"
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() if value >= 10**4000:
            return hex(10**5000)
        case _:
            return str(value)
