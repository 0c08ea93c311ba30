"""Output that appears whole or not at all, so that half a file of labels can't be mistaken for all of it.

What is written names patients: new files and directories are for the user alone. What a run that was killed left
half-written is cleared away by a later one that writes beside it. Also where the user's own files are.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from splitter.errors import Fault, InputError, SplitterError

_FILE, _FOLDER = 0o600, 0o700
"""Whom new files and directories are for: the user, and nobody else of the system."""

_PART = re.compile(r"\.[0-9a-f]{8}\.splitter-part")
_LEFT = 24 * 60 * 60
"""[s] after which nobody is writing any more what has the name of a part."""


def configuration_directory() -> Path:
    """Where the user's own files are, by the XDG base directory specification."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".config"
    return base / "splitter"


def shown_path(path: Path) -> str:
    """A path as messages and lists show it; bytes of it that are no UTF-8 as their numbers."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write each file whole; all are on the disk before the first one takes its place.

    An existing file is replaced and keeps its permissions, a new one can be read by the user alone; through a symbolic
    link its target is replaced. A device or a pipe is written to. Directories are made in the user's configuration
    only, as its specification asks. Raises InputError for names that stand for no file, or twice for one, SplitterError
    when writing fails; what stood there before then still stands.
    """
    targets = {path: Path(os.path.realpath(path)) for path in contents}
    refuse_sharing(contents)
    _refuse_unwritable(targets)
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            with _named(path):
                _stage(targets[path], content, staged)
        for temporary, target in staged:
            with _named(target):
                temporary.replace(target)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def refuse_sharing(paths: Iterable[Path]) -> None:
    """Raises InputError where two outputs are one file, under whatever names."""
    counts = Counter(Path(os.path.realpath(path)) for path in paths)
    shared = [target for target, count in counts.items() if count > 1 and not _is_special(target)]
    if shared:
        raise InputError([_fault(target, "two outputs in one file", "name a file for each") for target in shared])


def _refuse_unwritable(targets: Mapping[Path, Path]) -> None:
    """Raise InputError for names that can be no file's: those of a directory, and those in none."""
    own = Path(os.path.realpath(configuration_directory()))
    faults = []
    for path, target in targets.items():
        if target.is_dir():
            faults.append(_fault(path, "a directory", "name a file"))
        elif not target.parent.is_dir() and not target.is_relative_to(own):
            faults.append(_fault(path, "a file in no directory", "name one in a directory that is there"))
    if faults:
        raise InputError(faults)


def _is_special(target: Path) -> bool:
    """Whether it is a device or a pipe, to which several outputs may go one after the other."""
    return target.exists() and not target.is_file()


def _fault(path: Path, found: str, remedy: str) -> Fault:
    return Fault(file=shown_path(path), key="", found=found, remedy=remedy)


def _stage(target: Path, content: bytes, staged: list[tuple[Path, Path]]) -> None:
    """Write `content` beside its target and note both in `staged`; what is no plain file is written to."""
    if _is_special(target):
        target.write_bytes(content)
        return
    own = Path(os.path.realpath(configuration_directory()))
    if target.is_relative_to(own):
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(target)
    staged.append((temporary, target))
    write_private(temporary, content)
    if target.exists():
        shutil.copymode(target, temporary)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that the user alone can read; it is on the disk at the end. Raises OSError."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, _FILE)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def private_directory(path: Path, *, parents: bool = False) -> None:
    """Make a directory that the user alone can read, and with `parents` those it stands in. One that is there stays."""
    path.mkdir(_FOLDER, parents=parents, exist_ok=True)


@contextmanager
def new_directory(path: Path) -> Iterator[Path]:
    """A directory to fill; it appears as `path` at the end of the block, or not at all when the block fails.

    Raises InputError where something stands at `path` already (an empty directory may), SplitterError when it
    can't be written.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        found = "a directory that is not empty" if target.is_dir() else "a file"
        raise InputError([_fault(path, found, "name a new or an empty directory")])
    building = _beside(target)
    try:
        with _named(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            private_directory(building)
            yield building
            if target.exists():
                shutil.copymode(target, building)
                target.rmdir()
            building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _beside(target: Path) -> Path:
    """The name under which something is written beside its target, where nothing is left of before."""
    _clear(target.parent)
    return target.with_name(f".{secrets.token_hex(4)}.splitter-part")


def _clear(folder: Path) -> None:
    """Remove the parts that runs left which were killed: those that are a day old."""
    with suppress(OSError):
        for left in folder.iterdir():
            if _PART.fullmatch(left.name) and left.lstat().st_mtime < time.time() - _LEFT:
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SplitterError(f"{shown_path(path)}: can't be written ({error.strerror or error})") from None
