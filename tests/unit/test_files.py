"""Files and directories appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from splitter.errors import InputError, SplitterError
from splitter.files import new_directory, write_files


def test_files_are_written_and_nothing_beside_them(tmp_path: Path) -> None:
    """New ones and in the place of old ones."""
    (tmp_path / "a").write_text("old", encoding="utf-8")
    write_files({tmp_path / "a": b"one", tmp_path / "b": b"two"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"one", "b": b"two"}


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """The second can't be staged, so the first stays old."""
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="nowhere"):
        write_files({tmp_path / "a": b"new", tmp_path / "nowhere" / "b": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(os.name != "posix", reason="permissions and links as POSIX has them")
def test_only_the_configuration_gets_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the first prices or products of one's own need nothing made by hand; elsewhere it may be a slip."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    own = tmp_path / "home" / "splitter" / "formulary" / "prices.toml"
    write_files({own: b"1"})
    assert own.read_bytes() == b"1"
    with pytest.raises(SplitterError):
        write_files({tmp_path / "hoem" / "prices.toml": b"1"})
    assert not (tmp_path / "hoem").exists()


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    """A replaced file keeps its permissions; a link still points to the file that is replaced; a pipe is written to."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    write_files({link: b"new"})
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    write_files({Path(os.devnull): b"gone"})
    assert not Path(os.devnull).is_file()


def test_a_new_directory_appears_at_the_end(tmp_path: Path) -> None:
    """While it is being filled it has another name."""
    target = tmp_path / "above" / "out"
    with new_directory(target) as folder:
        (folder / "a").write_text("one", encoding="utf-8")
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ["a"]
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError])
def test_a_broken_block_leaves_no_directory(tmp_path: Path, raised: type[BaseException]) -> None:
    """Not even a part of it, and an empty directory that was there is left."""
    (tmp_path / "out").mkdir()

    def fill() -> None:
        with new_directory(tmp_path / "out") as folder:
            (folder / "a").write_text("one", encoding="utf-8")
            raise raised

    with pytest.raises(raised):
        fill()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert list((tmp_path / "out").iterdir()) == []


def test_a_directory_that_holds_something_is_refused(tmp_path: Path) -> None:
    """As is a file of that name."""
    (tmp_path / "a").write_text("one", encoding="utf-8")
    for taken in (tmp_path, tmp_path / "a"):
        with pytest.raises(InputError, match="name a new or an empty directory"), new_directory(taken):
            pass
