"""What people write who don't know TOML: the line that they wrote, and how it is written."""

from __future__ import annotations

import pytest

from splitter.codec import TomlReader
from splitter.errors import InputError

QUOTED = "write texts and amounts in quotes, as in "


@pytest.mark.parametrize(
    ("line", "key", "remedy"),
    [
        ("start = 2026-13-01", "start", "as year, month and day without quotes, such as 2026-12-01"),
        ("start = 2026-02-30 # soon", "start", "a date that exists"),
        ("start = 12/01/2026", "start", "a date that exists"),
        ("start = 2026-2-3", "start", "a date that exists"),
        ("start = 01.12.2026", "start", "a date that exists"),
        ("start = 1 Dec 2026", "start", "a date that exists"),
        ("start = Dec 1, 2026", "start", "a date that exists"),
        ("reduce = 10 %", "reduce", QUOTED + 'reduce = "10 %"'),
        ("from = 40 mg  # at first", "from", QUOTED + 'from = "40 mg"'),
        ("drug = baclofen", "drug", QUOTED + 'drug = "baclofen"'),
        ('drug = "baclofen', "drug", "close the quotes on the same line"),
        ("drug = “baclofen”", "drug", "write straight quotes"),
        ("drug: baclofen", "", 'write key = "value"'),
        ("drug", "", "behind #"),
        ("drug =", "drug", "write a value behind the ="),
        ("compounded = True", "compounded", "write true or false, in small letters"),
        ('times = ["08:00", 20:00]', "times", 'write times in quotes, such as "08:00"'),
        ('times = ["08:00" "20:00"]', "times", "write a comma between the parts of a list"),
        ("[taper", "", "write a table as [name]"),
        ("x = 1", "x", "keep one of the two"),
        ("[x]", "", "keep one of the two"),
        ("x_y = {", "x_y", "correct that line"),
    ],
)
@pytest.mark.parametrize("below", ["", "\n", '\nfor = "2 weeks"\n'])
def test_a_line_that_is_no_toml_is_told_with_how_it_is_written(line: str, key: str, remedy: str, below: str) -> None:
    """As it stands there, with its number and its key, whatever comes below it."""
    with pytest.raises(InputError) as raised:
        TomlReader(f"x = 2\n{line}{below}", "rx.toml")
    (fault,) = raised.value.faults
    assert (fault.line, fault.key) == (2, key)
    assert remedy in fault.remedy


@pytest.mark.parametrize("line", ['times = ["08:00"', 'times = ["08:00",'])
def test_a_list_without_its_end_is_told_where_it_was_missed(line: str) -> None:
    """On its own line, or on the next one."""
    with pytest.raises(InputError, match=r"times \(line 1\): found .*; close the list with \]"):
        TomlReader(f"{line}\n", "rx.toml")
    with pytest.raises(InputError, match=r"\(line 2\): found .*, or end what the one above begins"):
        TomlReader(f'{line}\nfor = "2 weeks"\n', "rx.toml")


def test_a_text_whose_end_is_missing_is_told_too() -> None:
    """With the last line that there is."""
    with pytest.raises(InputError, match=r"rx.toml \(line 3\): found .*b.*, which is no TOML"):
        TomlReader('x = """\na\nb\n\n', "rx.toml")


def test_a_plan_in_the_place_of_a_prescription_is_told() -> None:
    """Rather than what its first line lacks."""
    with pytest.raises(InputError, match=r"found a text that begins as JSON does; name a TOML file"):
        TomlReader('{\n  "format": "splitter-plan/1"\n}\n', "plan.json")
