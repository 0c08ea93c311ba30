"""Input files as texts: only what is a file, whole, and no larger than any that people write.

A pipe under the name of a file may never end, and a device never does; neither is opened.
"""

from __future__ import annotations

import os
import stat
import sys
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from splitter.bounds import MEGABYTE, MOST_TOML
from splitter.errors import Fault, InputError
from splitter.files import shown_path
from splitter.units import ReadError

_STANDARD = "-"


def read_file(path: Path, most: int = MOST_TOML) -> str:
    """The text of an input file, or of standard input for `-`.

    Raises InputError when it is no file, holds more than `most` [bytes], or can't be read as UTF-8.
    """
    try:
        content = _standard_input(most) if str(path) == _STANDARD else _content(path, most)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found, remedy = f"no UTF-8 text (byte {error.start})", "save it as UTF-8"
    except ReadError as error:
        found, remedy = error.found, error.remedy
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        found, remedy = f"no readable file ({reason})", "name an existing text file"
    raise InputError([Fault(file=shown_path(path), key="", found=found, remedy=remedy)])


def _content(path: Path, most: int) -> bytes:
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise ReadError("a directory", "name a text file")
    if not stat.S_ISREG(mode):
        raise ReadError("a pipe or a device, no file", "name a text file; - reads standard input")
    with path.open("rb") as file:
        return _whole(file, most)


def _standard_input(most: int) -> bytes:
    if sys.stdin is None:
        raise ReadError("standard input, which is closed", "name a file, or send one to standard input")
    return _read_once(sys.stdin.buffer, most)


@lru_cache(maxsize=1)
def _read_once(stream: BinaryIO, most: int) -> bytes:
    """What came in; it can be read once, and a command may ask for its file more often."""
    return _whole(stream, most)


def _whole(file: BinaryIO, most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise ReadError(f"more than {most // MEGABYTE} MB", f"give a file of at most {most // MEGABYTE} MB")
    return content
