"""A label stock of the user's own, from TOML, with all that is wrong with it at once.

[label]
name = "vial roll"
width = "3 in"
height = "38 mm"
margin = "1.5 mm"

[sheet]                     # where several labels stand on a page
width = "210 mm"
height = "297 mm"
columns = 3
rows = 7
left = "7.2 mm"
top = "15.15 mm"
pitch_x = "66.04 mm"        # from each label to the next; without it they touch
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from splitter.codec import TomlReader, above_zero, from_text, read_file, whole
from splitter.labels.stock import MILLIMETRE, Sheet, Stock
from splitter.quantity import format_exact
from splitter.units import parse_length

_Length = Annotated[Fraction, from_text(parse_length)]
_SomeLength = Annotated[Fraction, above_zero(parse_length)]
_MARGIN = Fraction("1.5")
# What is left between the margins must hold three lines of 12 pt with a few words each [mm].
_LEAST_WIDE, _LEAST_HIGH = Fraction(30), Fraction(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """Lengths [mm]; `margin` holds for each side that isn't stated itself."""

    name: str
    width: _SomeLength
    height: _SomeLength
    margin: _Length = _MARGIN
    left: _Length | None = None
    right: _Length | None = None
    top: _Length | None = None
    bottom: _Length | None = None
    dpi: Annotated[int, whole(150, 1200)] = 203

    def side(self, stated: Fraction | None) -> Fraction:
        return self.margin if stated is None else stated


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Lengths [mm]; without a pitch the labels touch."""

    width: _SomeLength
    height: _SomeLength
    columns: Annotated[int, whole(1, 20)]
    rows: Annotated[int, whole(1, 60)]
    left: _Length
    top: _Length
    pitch_x: _Length | None = None
    pitch_y: _Length | None = None


def read_stock(path: Path) -> Stock:
    """The stock of a file. Raises InputError with every fault: of form, labels that overlap or leave the page."""
    reader = TomlReader(read_file(path), str(path))
    label = reader.one(_Label, "label", required=True)
    page = reader.one(_Page, "sheet")
    if label is not None:
        for where, found, remedy in (*_label_faults(label), *(_page_faults(label, page) if page else ())):
            reader.fault(where, found, remedy)
    reader.finish()
    assert label is not None  # finish has raised otherwise
    return _stock(label, page)


def _label_faults(label: _Label) -> Iterator[tuple[str, str, str]]:
    wide = label.width - label.side(label.left) - label.side(label.right)
    high = label.height - label.side(label.top) - label.side(label.bottom)
    for key, room, least in (("width", wide, _LEAST_WIDE), ("height", high, _LEAST_HIGH)):
        if room < least:
            remedy = f"leave at least {least} mm, on larger labels or with narrower margins"
            yield f"label.{key}", f"{format_exact(max(room, Fraction(0)))} mm between the margins", remedy


def _page_faults(label: _Label, page: _Page) -> Iterator[tuple[str, str, str]]:
    across = ("left", "pitch_x", "columns", page.left, page.columns, page.pitch_x, label.width, page.width)
    down = ("top", "pitch_y", "rows", page.top, page.rows, page.pitch_y, label.height, page.height)
    for first, pitch_key, count_key, start, count, stated, size, whole_page in (across, down):
        pitch = size if stated is None else stated
        if pitch < size:
            found = f"labels of {format_exact(size)} mm every {format_exact(pitch)} mm, which overlap"
            yield f"sheet.{pitch_key}", found, "write at least the label's own size"
        end = start + (count - 1) * pitch + size
        if end > whole_page:
            found = f"labels that end {format_exact(end)} mm along a page of {format_exact(whole_page)} mm"
            yield f"sheet.{count_key}", found, f"correct {first}, {count_key}, {pitch_key}, or the label's size"


def _stock(label: _Label, page: _Page | None) -> Stock:
    return Stock(
        name=label.name,
        wide=_points(label.width),
        high=_points(label.height),
        left=_points(label.side(label.left)),
        right=_points(label.side(label.right)),
        top=_points(label.side(label.top)),
        bottom=_points(label.side(label.bottom)),
        dpi=label.dpi,
        sheet=_sheet(label, page) if page else None,
    )


def _sheet(label: _Label, page: _Page) -> Sheet:
    return Sheet(
        wide=_points(page.width),
        high=_points(page.height),
        columns=page.columns,
        rows=page.rows,
        left=_points(page.left),
        top=_points(page.top),
        pitch_x=_points(label.width if page.pitch_x is None else page.pitch_x),
        pitch_y=_points(label.height if page.pitch_y is None else page.pitch_y),
    )


def _points(length: Fraction) -> float:
    return float(length) * MILLIMETRE
