"""HAZARDS.md names tests that there are, and leaves out nothing that it promises of each hazard."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "HAZARDS.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+)::(\w+)`")
PARTS = ("Cause", "Harm", "Controls", "What remains")


def hazards() -> list[tuple[str, str]]:
    """(heading, text) of each hazard."""
    _, *found = re.split(r"^### ", PAGE, flags=re.MULTILINE)
    return [(heading, text.split("\n## ")[0]) for heading, _, text in (each.partition("\n") for each in found)]


@cache
def names_of(module: str) -> frozenset[str]:
    """The tests of a module of `tests`, and none that is only collected by hand."""
    path = ROOT / "tests" / f"{module}.py"
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    return frozenset(node.name for node in functions if not any("nightly" in each for each in _marks(node)))


def _marks(test: ast.FunctionDef) -> list[str]:
    return [ast.unparse(mark) for mark in test.decorator_list]


def faults(text: str) -> list[str]:
    """What is wrong with a hazard's account."""
    found = [f"no {part}" for part in PARTS if f"- {part}: " not in text]
    named = NAMED.findall(text)
    found += [f"{module}::{name} is no test" for module, name in named if name not in names_of(module)]
    return found + ([] if named else ["no test proves a control"])


@pytest.mark.parametrize(("heading", "text"), hazards(), ids=[heading for heading, _ in hazards()])
def test_each_hazard_has_its_parts_and_tests_that_there_are(heading: str, text: str) -> None:
    """Cause, harm, controls with the tests that show them, and what remains; harm in one of the three words."""
    assert faults(text) == [], heading
    harm = next(line for line in text.splitlines() if line.startswith("- Harm: "))
    assert re.search("severe|serious|slight", harm)


def test_hazards_are_numbered_in_order() -> None:
    """So that others can refer to them; and the page is not empty."""
    numbers = [heading.split()[0] for heading, _ in hazards()]
    assert numbers == [f"H{number}" for number in range(1, len(numbers) + 1)]
    assert len(numbers) > 25


@pytest.mark.parametrize(
    "text",
    [
        "- Cause: a\n- Harm: severe\n- Controls: none\n- What remains: all",
        "- Cause: a\n- Harm: severe\n- Controls: b (`unit/test_hazards::test_that_nobody_wrote`)\n- What remains: all",
        "- Cause: a\n- Harm: severe\n- Controls: b (`unit/test_nowhere::test_any`)\n- What remains: all",
        "- Cause: a\n- Controls: b (`unit/test_hazards::test_hazards_are_numbered_in_order`)\n- What remains: all",
    ],
)
def test_a_hazard_without_proof_is_seen(text: str) -> None:
    """The guard itself: each of these would be a gap."""
    assert faults(text)


def test_the_readme_states_the_intended_use() -> None:
    """Where somebody begins to read, with its limits and the way to this page."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "HAZARDS.md" in readme
    assert "## Intended use" in readme
