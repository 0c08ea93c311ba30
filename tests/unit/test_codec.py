"""Texts to records and back: every fault at once, each with its key, what was found and the remedy."""

import datetime as dt
import json
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import pytest

from splitter.codec import (
    Clock,
    Days,
    SomeMass,
    TomlReader,
    alone,
    digest,
    from_json,
    key,
    read_file,
    record_of,
    to_json,
    whole,
)
from splitter.errors import Fault, InputError
from splitter.quantity import Mass, Money


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    dose: SomeMass
    days: Days = field(metadata=key("for"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    name: str
    on: dt.date
    at: Clock
    price: Money
    colour: Colour = Colour.RED
    count: Annotated[int, whole(1, 4)] = 1
    flag: bool = False
    pair: tuple[Mass, Mass] | None = None
    inner: tuple[Inner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    words: str = field(metadata=alone())
    often: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayings:
    format: str = "test/1"
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    format: str
    number: Fraction
    maybe: Fraction | None
    on: dt.date
    at: dt.time
    colour: Colour
    count: int
    pairs: tuple[tuple[str, int], ...]


GOOD = 'name = "A"\non = 2026-12-01\nat = "08:00"\nprice = "0.5"\n'
WRITTEN = Written(
    format="test/1",
    number=Fraction(10, 3),
    maybe=None,
    on=dt.date(2026, 12, 1),
    at=dt.time(8),
    colour=Colour.BLUE,
    count=2,
    pairs=(("a", 1), ("ż", 2)),
)
JSON = """{
  "format": "test/1",
  "number": "10/3",
  "maybe": null,
  "on": "2026-12-01",
  "at": "08:00",
  "colour": "blue",
  "count": 2,
  "pairs": [
    [
      "a",
      1
    ],
    [
      "ż",
      2
    ]
  ]
}
"""


def read(text: str) -> Outer:
    reader = TomlReader(text, "file.toml")
    record = reader.head(Outer)
    reader.finish()
    assert record is not None
    return record


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.faults


def test_a_table_becomes_a_record_by_its_types() -> None:
    """Values are parsed, keys that differ from names are found, defaults fill in, members are members."""
    record = read(GOOD + 'colour = "blue"\npair = ["1 mg", "2 mg"]\n[[inner]]\ndose = "5 mg"\nfor = "2 weeks"\n')
    assert record == Outer(
        name="A",
        on=dt.date(2026, 12, 1),
        at=dt.time(8),
        price=Money(Fraction(1, 2)),
        colour=Colour.BLUE,
        pair=(Mass(Fraction(1)), Mass(Fraction(2))),
        inner=(Inner(dose=Mass(Fraction(5)), days=14),),
    )
    assert record.colour is Colour.BLUE


def test_a_value_may_stand_for_its_record_where_the_rest_is_as_ever() -> None:
    """In a file and in JSON: a plain text for a table that would say no more."""
    reader = TomlReader('said = ["a", { words = "b", often = 2 }, { words = "c" }]', "file.toml")
    sayings = reader.head(Sayings)
    assert sayings == Sayings(said=(Said(words="a"), Said(words="b", often=2), Said(words="c")))
    written = to_json(sayings)
    assert json.loads(written)["said"] == ["a", {"words": "b", "often": 2}, "c"]
    assert record_of(Sayings, from_json(written, "x.json"), "x.json", {}) == sayings


@pytest.mark.parametrize(
    ("said", "where", "remedy"),
    [
        ("5", "said[0]", "in quotes"),
        ("{ often = 2 }", "said[0].words", "add"),
        ('{ words = "b", of = 1 }', "said[0].of", "words, often"),
    ],
)
def test_a_value_in_place_of_its_record_is_at_fault_where_it_stands(said: str, where: str, remedy: str) -> None:
    """A table is read as any other."""
    reader = TomlReader(f"said = [{said}]", "file.toml")
    reader.head(Sayings)
    with pytest.raises(InputError) as caught:
        reader.finish()
    (fault,) = caught.value.faults
    assert fault.key == where
    assert remedy in fault.remedy


# the line that takes the place of the good one, the key at fault, what is found, a part of the remedy
ONE_FAULT = [
    ("name = 5", "name", "the number 5", 'in quotes, such as "5"'),
    ("name = true", "name", "true", "in quotes"),
    ("name = []", "name", "a list of 0", "in quotes"),
    ('name = ""', "name", "an empty text", "leave the key out"),
    ('name = " A"', "name", '" A"', "without spaces around it"),
    (r'name = "A\nB"', "name", "the control character U+000A", "on one line"),
    (r'name = "A\u0000"', "name", "the control character U+0000", "on one line"),
    (r'name = "A\u202EB"', "name", "the control character U+202E", "on one line"),
    (f'name = "{"A" * 501}"', "name", "a text of 501 characters", "at most 500"),
    ('on = "2026-12-01"', "on", '"2026-12-01"', "without quotes"),
    ("on = 2026-12-01T08:00:00", "on", "the date and time 2026-12-01T08:00:00", "without a time"),
    ("on = 20261201", "on", "the number 20261201", "2026-12-01"),
    ("at = 08:00:00", "at", "the time 08:00:00", '"08:00"'),
    ('at = "8:00"', "at", '"8:00"', '"08:00"'),
    ('at = "24:00"', "at", '"24:00"', '"08:00"'),
    ('at = "08:00:00"', "at", '"08:00:00"', '"08:00"'),
    ("price = 0.5", "price", "the number 0.5", 'in quotes: "0.5"'),
    ("price = nan", "price", "the number NaN", "in quotes"),
    ('colour = "green"', "colour", '"green"', 'one of "red", "blue"'),
    ("colour = 1", "colour", "the number 1", 'one of "red", "blue"'),
    ('count = "2"', "count", '"2"', "from 1 to 4"),
    ("count = 5", "count", "the number 5", "from 1 to 4"),
    ("count = true", "count", "true", "from 1 to 4"),
    ("count = 2.0", "count", "the number 2.0", "from 1 to 4"),
    ('flag = "true"', "flag", '"true"', "without quotes"),
    ("flag = 1", "flag", "the number 1", "true or false"),
    ('pair = ["1 mg"]', "pair", "a list of 1", "a list of 2"),
    ('pair = "1 mg"', "pair", '"1 mg"', "a list of 2"),
    ('pair = ["1 mg", "2 Mg"]', "pair[1]", '"2 Mg"', 'write the unit as "mg"'),
    ("inner = 5", "inner", "the number 5", "a list"),
    ("inner = [5]", "inner[0]", "the number 5", "a table"),
    ('inner = [{ dose = 5, for = "1 day" }]', "inner[0].dose", "the number 5", 'such as "5 mg", in quotes'),
    ('inner = [{ dose = "0 mg", for = "1 day" }]', "inner[0].dose", '"0 mg"', "above zero"),
    ('inner = [{ dose = "5 mg" }]', "inner[0].for", "nothing", 'add "for"'),
    ('inner = [{ dose = "5 mg", for = "1 day", days = 1 }]', "inner[0].days", "an unknown key", "dose, for"),
    ("colou = 1", "colou", "an unknown key", "remove it; the keys here are name, on, at"),
    ("prise = 1", "prise", "an unknown key", "write price, or remove it; the keys here are name, on, at"),
    ('on = "2026-12-01"', "on", '"2026-12-01"', "without quotes and without a time, as 2026-12-01"),
    ('on = "Dec 1"', "on", '"Dec 1"', "without quotes and without a time, such as 2026-12-01"),
    ('at = "8 pm"', "at", '"8 pm"', 'in quotes, such as "20:00"'),
    ('at = "8:05"', "at", '"8:05"', 'in quotes, such as "08:05"'),
    ('at = "12 am"', "at", '"12 am"', 'in quotes, such as "08:00"'),
    ('at = "25:00"', "at", '"25:00"', 'in quotes, such as "08:00"'),
]


@pytest.mark.parametrize(("line", "where", "found", "remedy"), ONE_FAULT)
def test_each_fault_says_where_what_and_how(line: str, where: str, found: str, remedy: str) -> None:
    """One wrong value gives one fault with its dotted key."""
    name = line.partition(" ")[0]
    kept = [good for good in GOOD.splitlines() if good.partition(" ")[0] != name]
    (fault,) = faults_of("\n".join([*kept, line]))
    assert (fault.file, fault.key, fault.found) == ("file.toml", where, found)
    assert remedy in fault.remedy


@pytest.mark.parametrize("name", ["name", "on", "at", "price"])
def test_a_missing_key_is_a_fault(name: str) -> None:
    """A field without a default must be there."""
    kept = [line for line in GOOD.splitlines() if not line.startswith(name)]
    (fault,) = faults_of("\n".join(kept))
    assert (fault.key, fault.found, fault.remedy) == (name, "nothing", f'add "{name}"')


def test_all_faults_are_reported_together_in_the_order_of_the_file() -> None:
    """Unknown and missing keys, wrong types and unit faults, on every level, in one error."""
    text = 'extra = 1\nname = 5\nprice = "-1"\n[[inner]]\ndose = "5 Mg"\nfoo = 1\n[[inner]]\nfor = "0 days"\n'
    keys = [fault.key for fault in faults_of(text)]
    assert keys[:3] == ["extra", "name", "price"]
    assert sorted(keys[3:7]) == ["inner[0].dose", "inner[0].foo", "inner[0].for", "inner[1].dose"]
    assert set(keys[7:]) == {"inner[1].for", "on", "at"}


@pytest.mark.parametrize("text", ["name = ", "name = 'a'\nname = 'b'", "a" * 10, "x = " + "[" * 5000])
def test_no_toml_is_one_fault(text: str) -> None:
    """A text that is no TOML says so, and where."""
    (fault,) = faults_of(text)
    assert "no TOML" in fault.found or "already" in fault.found
    assert fault.line == (None if "[[" in text else text.count("\n") + 1)


def test_names_may_be_spelled_with_joiners() -> None:
    """Joiners are format characters too, but names of Persia and India need them."""
    assert read(GOOD.replace('"A"', '"\u0645\u06cc\u200c\u0631"')).name == "\u0645\u06cc\u200c\u0631"


def test_json_is_written_from_the_record() -> None:
    """Two spaces, fields in order, exact numbers as texts, names as they are, a last newline."""
    assert to_json(WRITTEN) == JSON


def test_json_reads_back() -> None:
    """What was written is the same record, and fields of a later version are passed over."""
    assert record_of(Written, from_json(JSON, "f"), "f", {"format": "test/1"}) == WRITTEN
    assert record_of(Written, from_json(JSON.replace("{", '{"later": 1.5,', 1), "f"), "f", {}) == WRITTEN


JSON_FAULTS = [
    ('"count": 2', '"count": "2"', "count", '"2"'),
    ('"count": 2', '"count": 2.0', "count", "the number 2.0"),
    ('"count": 2', '"count": true', "count", "true"),
    ('"10/3"', "3.3", "number", "the number 3.3"),
    ('"10/3"', '"1e3"', "number", '"1e3"'),
    ('"10/3"', '"1/0"', "number", '"1/0"'),
    ('"10/3"', "null", "number", "nothing"),
    ('"2026-12-01"', '"20261201"', "on", '"20261201"'),
    ('"2026-12-01"', '"2026-02-30"', "on", '"2026-02-30"'),
    ('"08:00"', '"08:00:00"', "at", '"08:00:00"'),
    ('"blue"', '"green"', "colour", '"green"'),
    ('"count": 2,', "", "count", "nothing"),
    ('"ż",\n      2', '"ż",\n      2, 3', "pairs[1]", "a list of 3"),
    ('"ż"', '"\\ud800"', "pairs[1][0]", "the control character U+D800"),
    ('"test/1"', '"test/2"', "format", '"test/2"'),
    ('"test/1"', "1", "format", "the number 1"),
    ('"count": 2', '"count": 2, "count": 2', "", 'the field "count" twice'),
    ('"count": 2', '"count": NaN', "", "the number NaN"),
]


@pytest.mark.parametrize(("good", "bad", "where", "found"), JSON_FAULTS)
def test_json_is_read_strictly(good: str, bad: str, where: str, found: str) -> None:
    """A wrong type, a missing field or another format is a fault with its path."""
    assert good in JSON
    with pytest.raises(InputError) as caught:
        record_of(Written, from_json(JSON.replace(good, bad), "plan.json"), "plan.json", {"format": "test/1"})
    (fault,) = caught.value.faults
    assert (fault.file, fault.key, fault.found) == ("plan.json", where, found)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "null", '"x"', '{"a": ' + "9" * 5000 + "}"])
def test_no_json_object_is_refused(text: str) -> None:
    """Garbage is an input fault, never a crash."""
    with pytest.raises(InputError):
        record_of(Written, from_json(text, "plan.json"), "plan.json", {})


def test_files_are_read_as_utf8(tmp_path: Path) -> None:
    """A byte order mark is passed over; other encodings, directories and missing files are faults."""
    path = tmp_path / "file.toml"
    path.write_bytes(b"\xef\xbb\xbfname = 1")
    assert read_file(path) == "name = 1"
    path.write_bytes(b"name = \xff")
    for wrong, found in ((path, "no UTF-8 text (byte 7)"), (tmp_path, "a directory"), (tmp_path / "no", "no readable")):
        with pytest.raises(InputError) as caught:
            read_file(wrong)
        assert caught.value.faults[0].file == str(wrong)
        assert caught.value.faults[0].found.startswith(found)


def test_the_digest_is_that_of_the_text() -> None:
    """SHA-256 of the UTF-8 bytes, as sha256sum prints it."""
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
