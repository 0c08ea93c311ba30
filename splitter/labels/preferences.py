"""Which stock and which profile are meant: by name, by file, or as the user's own configuration says.

`splitter/stocks/NAME.toml` of the configuration directory are stocks of one's own, and `splitter/labels.toml` holds
what is the same every day:

    [labels]
    stock = "avery-5163"
    profile = "us"
    clock = false                # times of day as clock times
    offset = "1 mm, -0.5 mm"     # what the printer needs: to the right, down
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from splitter.codec import TomlReader, from_text, read_file
from splitter.errors import Fault, InputError
from splitter.files import configuration_directory
from splitter.labels.imposing import Feed
from splitter.labels.own_stock import read_stock
from splitter.labels.profiles import PROFILES, Profile
from splitter.labels.stock import MILLIMETRE, Stock
from splitter.labels.stocks import ROLL_4X2, STOCKS
from splitter.labels.style import USUAL, Style
from splitter.units import ReadError, parse_length, quoted

# A printer that is further off than this needs another remedy [mm].
_FARTHEST = 10
_OFFSET = re.compile(r"(-?)([^,-]+), ?(-?)([^,-]+)")


def parse_offset(text: str) -> tuple[float, float]:
    """Read how far a printer's output is to be moved, to the right and down [pt]. Raises ReadError.

    >>> [round(length, 2) for length in parse_offset("1 mm, -0.1 in")]
    [2.83, -7.2]
    """
    match = _OFFSET.fullmatch(text)
    if not match:
        raise ReadError(quoted(text), 'write two lengths, to the right and down, such as "1 mm, -0.5 mm"')
    right, down = parse_length(match[2]), parse_length(match[4])
    if max(right, down) > _FARTHEST:
        raise ReadError(quoted(text), f"write at most {_FARTHEST} mm; what is further off is the wrong stock or paper")
    return float(right) * MILLIMETRE * (-1 if match[1] else 1), float(down) * MILLIMETRE * (-1 if match[3] else 1)


def find_stock(name: str) -> Stock:
    """The stock of this name, built in or of the user's configuration, or of this file.

    A name may be written in other ways: "5163", "4 x 2 in", "Avery L7160". Raises InputError for an unknown one, with
    those that there are.
    """
    if name.endswith(".toml"):
        return read_stock(Path(name))
    own = own_stocks()
    plain = _plain(name)
    found = [each for each in (*own, *STOCKS) if _plain(each) == plain]
    found = found or [each for each in (*own, *STOCKS) if plain and _plain(each).endswith(plain)]
    if len(found) == 1:
        return read_stock(own[found[0]]) if found[0] in own else STOCKS[found[0]]
    remedy = f"name one of {', '.join((*own, *STOCKS))}, or a file that ends in .toml"
    raise InputError([Fault(file="", key="--stock", found=quoted(name), remedy=remedy)])


def own_stocks() -> dict[str, Path]:
    """The files of the user's own stocks, by name."""
    return {path.stem: path for path in sorted((configuration_directory() / "stocks").glob("*.toml"))}


def _plain(name: str) -> str:
    """A name without spaces, hyphens, the unit of its size, and capitals."""
    return re.sub(r"[ _-]|in$|mm$", "", name.lower())


def find_profile(name: str) -> Profile:
    """The profile of this name. Raises InputError for an unknown one."""
    if name not in PROFILES:
        remedy = f"name one of {', '.join(PROFILES)}"
        raise InputError([Fault(file="", key="--profile", found=quoted(name), remedy=remedy)])
    return PROFILES[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preferences:
    stock: str = ROLL_4X2.name
    profile: str = "us"
    clock: bool = False
    offset: Annotated[tuple[float, float], from_text(parse_offset)] = (0.0, 0.0)


def preferred_style() -> Style:
    """The style of the user's configuration; without one, 4 by 2 inches by the American profile.

    Raises InputError with every fault of the file.
    """
    path = configuration_directory() / "labels.toml"
    if not path.is_file():
        return USUAL
    reader = TomlReader(read_file(path), str(path))
    read = reader.one(_Preferences, "labels")
    stock = _found(reader, "stock", find_stock, read.stock) if read else None
    profile = _found(reader, "profile", find_profile, read.profile) if read else None
    reader.finish()
    if not (read and stock and profile):
        return USUAL
    right, down = read.offset
    return Style(stock=stock, profile=profile, clock=read.clock, feed=Feed(right=right, down=down))


_Kind = TypeVar("_Kind")


def _found(reader: TomlReader, key: str, find: Callable[[str], _Kind], name: str) -> _Kind | None:
    """What is meant by a name of the file, None when the reader has a fault more."""
    try:
        return find(name)
    except InputError as error:
        for fault in error.faults:
            reader.fault(f"labels.{key}", fault.found, fault.remedy)
    return None
