"""Where each key of a TOML text stands, and that faults say it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import formulations
from splitter.codec import TomlReader
from splitter.codec.places import lines_of, nearest_line
from splitter.errors import InputError
from splitter.quantity import Mass

ROOT = Path(__file__).parents[2]

UGLY = '''\
# a comment with [[brackets]] and "quotes
drug = "x" # [[ no table
"a b".'q.r' = 1.5
when = 1979-05-27 07:32:00
basic = """
[[no]] = "table" ""
x = 3"""""
literal = \'\'\'
y = 1\'\'\'
[costs]
"=" = "]"
[[tablet]]
packs = [ # note ]
  { count = 1, price = "2" },
  { count = 2, price = "#3" },
]
none = []
empty = {}
deep = {a = {b = [1,
2]}}
[[tablet]]
[tablet.sub]
key = 1
[[tablet.list]]
key = 1
[[tablet.list]]
key = 2
'''

TEXTS = {
    "ugly": UGLY,
    "with carriage returns": UGLY.replace("\n", "\r\n"),
    "empty": "",
    "a comment": "# nothing",
    "project": (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
    "pharmacy": formulations.pharmacy(),
    **{name: formulations.drug(name) for name in formulations.drugs()},
}


def paths(value: object, path: str = "") -> Iterator[str]:
    """Every dotted path below a value that tomllib has read."""
    if isinstance(value, dict):
        for key, below in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner
            yield from paths(below, inner)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield f"{path}[{place}]"
            yield from paths(below, f"{path}[{place}]")


@pytest.mark.parametrize("name", TEXTS)
def test_every_key_that_is_read_has_a_line(name: str) -> None:
    """The scan finds exactly the paths that tomllib finds."""
    assert set(lines_of(TEXTS[name])) == set(paths(tomllib.loads(TEXTS[name])))


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("drug", 2),
        ("a b.q.r", 3),
        ("basic", 5),
        ("literal", 8),
        ("costs", 10),
        ("costs.=", 11),
        ("tablet", 12),
        ("tablet[0]", 12),
        ("tablet[0].packs[1].price", 15),
        ("tablet[0].deep.a.b[1]", 20),
        ("tablet[1]", 21),
        ("tablet[1].sub.key", 23),
        ("tablet[1].list[1].key", 27),
        ("tablet[0].price", 12),  # not there: the table's line
        ("tablet[0].packs[1].count.x", 15),
        ("nowhere", None),
        ("", None),
    ],
)
def test_the_line_is_where_the_key_stands(key: str, line: int | None) -> None:
    """Also after texts over several lines; a key that is missing has the line of its table."""
    assert nearest_line(lines_of(UGLY), key) == line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    dose: Mass
    name: str = ""


def test_a_fault_names_its_line() -> None:
    """Of a wrong value its own, of a missing key that of its table."""
    reader = TomlReader('[[row]]\ndose = "1 mg"\n\n[[row]]\nname = "x"\n[[row]]\n\ndose = 5\n', "x.toml")
    reader.many(_Row, "row")
    with pytest.raises(InputError) as caught:
        reader.finish()
    assert [(fault.key, fault.line) for fault in caught.value.faults] == [("row[1].dose", 4), ("row[2].dose", 8)]
    assert str(caught.value.faults[0]).startswith("x.toml: row[1].dose (line 4): found nothing")


def test_an_adopted_value_is_at_fault_where_it_came_from() -> None:
    """A table put together from two files names the file that the value is from, and its line there."""
    other = TomlReader('# mine\n[[change]]\ndose = 5\nname = ""\n', "other.toml")
    reader = TomlReader('[[row]]\ndose = "1 mg"\n', "x.toml")
    reader.table["row"][0] |= other.table["change"][0]
    reader.adopt("row[0].dose", other, "change[0].dose")
    reader.many(_Row, "row")
    with pytest.raises(InputError) as caught:
        reader.finish()
    named = {(fault.file, fault.key, fault.line) for fault in caught.value.faults}
    assert named == {("other.toml", "change[0].dose", 3), ("x.toml", "row[0].name", 1)}
