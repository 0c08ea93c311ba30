"""The house's order: imports run one way, and each outside library has one home."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ORDER = (
    "formulations",
    "bounds",
    "errors",
    "files",
    "printers",
    "quantity",
    "units",
    "codec",
    "prescription",
    "formulary",
    "prices",
    "division",
    "taper",
    "problem",
    "plan",
    "supply",
    "optimise",
    "verify",
    "precision",
    "checks",
    "service",
    "wording",
    "labels",
    "sheets",
    "report",
    "batch",
    "cli",
    "__main__",
)
"""A module imports only what stands before it."""

ROOMS = (
    "limits",
    "solution",
    "integers",
    "day",
    "owed",
    "bounds",
    "course",
    "possible",
    "impossible",
    "engine",
    "strengths",
    "solving",
)
"""Likewise inside `optimise`; from another room, only what its face shows."""

STRANGERS = {
    "verify": ("division", "supply", "optimise"),
    "checks": ("supply", "optimise", "verify"),
    "precision": ("division", "supply", "optimise", "verify"),
}
"""What a module does not know although it stands before it: the second check must not repeat the first's mistake."""

HOMES = {
    "pint": ("units",),
    "cattrs": ("codec",),
    "tomli_w": ("codec",),
    "numpy": ("optimise",),
    "reportlab": ("labels", "sheets"),
    "pymupdf_fonts": ("labels", "sheets"),
    "PIL": ("labels",),
    "zxingcpp": ("labels",),
    "bidi": ("labels",),
    "arabic_reshaper": ("labels",),
    "click": ("cli",),
    "icalendar": ("sheets",),
    "_typeshed": ("verify",),  # not there at run time, for the type checker only
}


def modules() -> list[Path]:
    """Every module of both packages."""
    return sorted(path for package in ("formulations", "splitter") for path in (ROOT / package).rglob("*.py"))


def part_of(path: Path) -> str:
    """The part of the house that a module belongs to; the package's own face belongs to none."""
    package, *inner = path.relative_to(ROOT).with_suffix("").parts
    return package if package == "formulations" else inner[0]


def imported(path: Path, text: str) -> Iterator[str]:
    """The full names of what a module imports, wherever in it that stands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write the full name of what is imported"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def faults(path: Path, text: str) -> Iterator[str]:
    """What a module imports against the order."""
    own = part_of(path)
    for name in imported(path, text):
        top, *rest = name.split(".")
        if top in ("splitter", "formulations"):
            other = top if top == "formulations" else rest[0]
            known = other in ORDER and ORDER.index(other) <= ORDER.index(own)
            if other != "__version__" and (not known or other in STRANGERS.get(own, ())):
                yield f"{own} imports {other}"
        elif top not in sys.stdlib_module_names and own not in HOMES.get(top, ()):
            yield f"{own} imports {top}, whose home is {HOMES.get(top, 'not stated')}"


def room_of(path: Path) -> str:
    """The room of the optimiser that a module stands in."""
    return path.relative_to(ROOT / "splitter" / "optimise").with_suffix("").parts[0]


@pytest.mark.parametrize("path", [path for path in modules() if "optimise" in path.parts], ids=lambda path: path.stem)
def test_the_rooms_of_the_optimiser_stand_on_each_other(path: Path) -> None:
    """A room imports only from those before it, and through their faces; none is missing from the list."""
    own = room_of(path)
    if own == "__init__":
        return
    assert own in ROOMS
    for name in imported(path, path.read_text(encoding="utf-8")):
        if name.startswith("splitter.optimise."):
            room, *rest = name.split(".")[2:]
            assert ROOMS.index(room) <= ROOMS.index(own), name
            assert room == own or len(rest) == 1, f"{name}: what another room shows stands in its face"


def test_every_module_stands_in_the_order() -> None:
    """No module is missing from the list, and the list names none that is gone."""
    found = {part_of(path) for path in modules()} - {"__init__"}
    assert len(modules()) > 50
    assert found == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    """A module imports only what stands before it, and outside libraries only where they are at home."""
    if part_of(path) == "__init__":
        assert list(imported(path, path.read_text(encoding="utf-8"))) == []
        return
    assert list(faults(path, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("splitter/quantity.py", "from splitter.plan import Plan"),
        ("splitter/quantity.py", "def late():\n    import splitter.plan"),
        ("splitter/verify/new.py", "from splitter.supply import dispense"),
        ("splitter/checks.py", "from splitter import optimise"),
        ("splitter/sheets/new.py", "from splitter.batch import fill"),
        ("splitter/plan.py", "from splitter.utils import helper"),
        ("splitter/checks.py", "import numpy as np"),
        ("splitter/cli/new.py", "import pint"),
        ("splitter/service/new.py", "import requests"),
        ("formulations/__init__.py", "import splitter.units"),
    ],
)
def test_a_wrong_import_is_seen(module: str, text: str) -> None:
    """The guard itself: each of these would be a breach."""
    assert list(faults(ROOT / module, text))


def test_modules_and_functions_are_small() -> None:
    """No module of 400 lines, no function of more than 50, no more than 6 parameters."""
    seen = 0
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") < 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                seen += 1
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= 50, f"{path}: {node.name} has {lines} lines"
                own = {"self", "cls", "ctx"}
                count = sum(arg.arg not in own for arg in (*node.args.args, *node.args.kwonlyargs))
                assert count <= 6, f"{path}: {node.name} has {count} parameters"
    assert seen > 100
