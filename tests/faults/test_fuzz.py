"""Changed files: some of each kind in every run, the same each time; `python -m tests.faults fuzz` tries others."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from splitter import service
from tests.faults import fuzz
from tests.faults.files import KINDS

EXAMPLES = 40


@pytest.mark.parametrize("name", KINDS)
def test_no_changed_file_ends_a_command_otherwise_than_stated(name: str) -> None:
    """Each ends with 0, 1 or 2, in time and in little memory, whatever was changed."""
    counted: Counter[int] = Counter()
    fuzz.fuzz(KINDS[name], EXAMPLES, counted)
    assert counted.total() >= EXAMPLES
    assert counted[2] > 0


@pytest.mark.parametrize("name", KINDS)
def test_the_good_files_are_good(name: str) -> None:
    """Unchanged, they are read by every command, so that what is changed is what is refused."""
    kind = KINDS[name]
    for content in kind.contents:
        with fuzz.working_directory() as folder:
            assert 2 not in fuzz.tried(kind, content.encode(), folder)


def _fault(*_: object) -> None:
    raise ZeroDivisionError


def _late(*_: object) -> None:
    time.sleep(3)


@pytest.mark.parametrize(("wrong", "said"), [(_fault, "ends with 3"), (_late, "more than 1 s")])
def test_a_fault_of_the_program_is_noticed(monkeypatch: pytest.MonkeyPatch, wrong: object, said: str) -> None:
    """The guard itself: a command that fails, and one that takes too long."""
    kind = KINDS["pharmacy"]
    monkeypatch.setattr(service, "plan", wrong)
    monkeypatch.setattr(fuzz, "SECONDS", 1)
    monkeypatch.setattr(fuzz, "WAITING", 1)
    with fuzz.working_directory() as folder, pytest.raises(fuzz.FaultError, match=said):
        fuzz.tried(kind, kind.contents[0].encode(), folder)
