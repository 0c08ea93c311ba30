"""On which line of a JSON text a key stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splitter.codec import json_lines, with_lines
from splitter.errors import Fault

NAMES = st.text("abz_", min_size=1, max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('a"\\\n{[,:é', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value by its dotted path, outer ones first."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, below in value.items():
            yield from leaves(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from leaves(below, f"{path}[{place}]")


@given(fields=st.dictionaries(NAMES, VALUES, max_size=4))
def test_each_key_has_the_line_on_which_it_stands(fields: dict[str, Any]) -> None:
    """Written with one value a line, the values come on lines that follow each other in their order."""
    text = json.dumps(fields, indent=1)
    paths = [path for path, _ in leaves(fields)]
    found = json_lines(text, paths)
    assert set(found) == set(paths)
    lines = text.split("\n")
    for path, value in leaves(fields):
        if not isinstance(value, (dict, list)):
            assert json.dumps(value) in lines[found[path] - 1]
    assert [found[path] for path in paths] == sorted(found[path] for path in paths)


@pytest.mark.parametrize(
    ("key", "line"), [("b[1].c", 4), ("b[1].d", 3), ("b[7].c", 2), ("b", 2), ("x.y", None), ("", None)]
)
def test_a_fault_has_the_line_of_the_nearest_thing_around_it(key: str, line: int | None) -> None:
    """Where the key itself is missing, that of the object or list which should have it."""
    text = '{"a": "}",\n"b": [{"c": 1},\n {\n"c": 2}]}'.replace(" {\n", "{\n")
    (fault,) = with_lines([Fault(file="plan.json", key=key, found="x", remedy="y")], text)
    assert fault.line == line


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": 1', "[", "x", '{"a": [1, }'])
def test_what_is_no_json_has_no_lines(text: str) -> None:
    """Beyond those of what stands before."""
    assert set(json_lines(text, ["a", "b"])) <= {"a"}


def test_what_is_deeper_than_python_reads_is_no_fault_of_the_program() -> None:
    """The fault is then told without a line."""
    text = '{"a": ' + "[" * 100_000 + "]" * 100_000 + ', "b": 1}'
    assert json_lines(text, ["b"]) == {}
