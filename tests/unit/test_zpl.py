"""Labels in ZPL: no word can become a command, and what a printer would show is read back.

Where node and `zpl-renderer-js` are at hand (`npm install --prefix .venv zpl-renderer-js`), labels are drawn without a
network, and the pictures are compared with the PDF's.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from splitter.labels.barcodes import code128, datamatrix, module_size, on_dots
from splitter.labels.drawing import pdf
from splitter.labels.fonts import Face
from splitter.labels.marks import Box, Code, Mark, Page, Rule, Sector, Text
from splitter.labels.zpl import escaped, zpl

MODULES = Path(sys.prefix) / "node_modules"
RENDER = """
const { ready } = require("zpl-renderer-js");
let given = "";
process.stdin.on("data", part => given += part).on("end", async () => {
  const { api } = await ready;
  const { zpl, wide, high, dots } = JSON.parse(given);
  const pictures = await api.zplToBase64MultipleAsync(zpl, wide, high, dots);
  process.stdout.write(JSON.stringify(pictures), () => process.exit(0));
});
"""
# Everything that may stand in a file: these commands, and nothing that only looks like one.
PICTURE = r"\^FO\d+,\d+\^GFA,\d+,\d+,\d+,[0-9A-F,:]*\^FS"
WORDS = r"\^FT\d+,\d+\^A0N,\d+,\d+\^FH_\^FD(?:[A-Za-z0-9 .,:;()/-]|_[0-9A-F]{2})*\^FS"
LINES = r"\^FO\d+,\d+\^GB\d+,\d+,\d+\^FS"
LABEL = rf"\^XA\^CI28\^LH0,0\^PW\d+\^LL\d+\n(?:(?:{PICTURE}|{WORDS}|{LINES})\n)*\^XZ\n"
HOSTILE = [
    "^XZ~JA",
    "Ann ^XZ^XA^FDOther^FS^XZ",
    "~DGR:X.GRF,1,1,FF",
    "_5EXZ",
    "\\&a\\^b",
    "^FH_^FD",
    "^CC!!XZ",
    "\x10~HS",
]
RESOLUTIONS = [(8, 203), (12, 300)]


def page_of(name: str, dpi: int) -> Page:
    """A label 4 by 2 inches with a name, words, rules and both barcodes."""
    module = module_size(dpi)
    matrix = datamatrix((("17", "270529"), ("10", "261201-K7QD2"), ("21", "RX-104233-261201-1")))
    marks: tuple[Mark, ...] = (
        Text(x=7, y=128, text=name, face=Face.BOLD, size=12),
        Text(x=7, y=100, text="Take 1 tablet in the morning (8:00 AM).", face=Face.REGULAR, size=12),
        Text(x=7, y=85, text="Store at 20 to 25 °C.", face=Face.REGULAR, size=7),
        Rule(x=7, y=70, to_x=200, to_y=70, weight=1),
        Rule(x=7, y=40, to_x=200, to_y=40, weight=0.25, grey=0.9),
        Box(x=7, y=50, wide=10, high=10),
        Code(x=on_dots(240, dpi), y=on_dots(6, dpi), module=module, symbol=matrix),
        Code(x=on_dots(10, dpi), y=on_dots(6, dpi), module=module, symbol=code128("RX-104233"), height=20),
    )
    return Page(wide=288, high=144, marks=marks)


def drawn(document: bytes, dots: int) -> list[Image.Image]:
    """The labels as a printer of so many dots to the millimetre would print them."""
    node = shutil.which("node")
    if node is None or not (MODULES / "zpl-renderer-js").is_dir():
        pytest.skip("needs node and zpl-renderer-js")
    question = json.dumps({"zpl": document.decode("ascii"), "wide": 101.6, "high": 50.8, "dots": dots})
    done = subprocess.run(
        [node, "-e", RENDER], input=question, capture_output=True, encoding="utf-8", check=True, timeout=120,
        env={"NODE_PATH": str(MODULES)},
    )  # fmt: skip
    return [Image.open(BytesIO(base64.b64decode(each))).convert("L") for each in json.loads(done.stdout)]


def printed(page: Page, dots: int) -> Image.Image:
    """The page of the PDF at the same resolution, black or white only."""
    picture = pypdfium2.PdfDocument(pdf([page], title="test"))[0].render(scale=dots * 25.4 / 72).to_pil().convert("L")
    return picture.point(lambda value: 255 if value > 127 else 0)


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is dark."""
    box = ImageChops.invert(picture.convert("L")).point(lambda value: 255 if value > 127 else 0).getbbox()
    assert box is not None
    return box


def unpacked(document: str) -> list[Image.Image]:
    """The pictures of a document, as dots."""
    found = []
    for total, wide, data in re.findall(r"\^GFA,\d+,(\d+),(\d+),([0-9A-F,:]*)\^FS", document):
        digits, rows = 2 * int(wide), [""]
        for row in re.findall(rf":|[0-9A-F]{{{digits}}}|[0-9A-F]*,", data):
            rows.append(rows[-1] if row == ":" else row.removesuffix(",").ljust(digits, "0"))
        assert len(rows) - 1 == int(total) // int(wide)
        dots = Image.frombytes("1", (8 * int(wide), len(rows) - 1), bytes.fromhex("".join(rows)))
        found.append(ImageChops.invert(dots.convert("L")))
    return found


@given(st.text())
def test_field_data_says_nothing_to_the_printer(text: str) -> None:
    """Whatever the words, only letters, digits, plain signs and hexadecimal are left, and they mean the same words."""
    data = escaped(text.encode("utf-8", "ignore").decode())
    assert re.fullmatch(r"(?:[A-Za-z0-9 .,:;()/-]|_[0-9A-F]{2})*", data)
    back = re.sub(rb"_([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()), data.encode("ascii"))
    assert back.decode() == text.encode("utf-8", "ignore").decode()


@pytest.mark.parametrize("name", [*HOSTILE[:-1], "Łukasz Žižka", "שרה כהן", "O'Brien & Söhne"])
def test_a_document_is_made_of_known_commands_only(name: str) -> None:
    """A name that is written like commands adds none."""
    document = zpl([page_of(name, 203), page_of("Ada Example", 203)], 8).decode("ascii")
    assert re.fullmatch(LABEL * 2, document)
    assert "~" not in document


def test_words_are_those_of_the_page() -> None:
    """Plain words are fields, in order; a line with another sign is a picture as wide as it was measured."""
    page = page_of("Łukasz", 203)
    document = zpl([page], 8).decode("ascii")
    assert re.findall(r"\^FD(.*)\^FS", document) == ["Take 1 tablet in the morning (8:00 AM)."]
    name, storage, *_ = unpacked(document)
    for picture, text in ((name, page.marks[0]), (storage, page.marks[2])):
        alone = printed(Page(wide=288, high=144, marks=(text,)), 8)
        left, top, right, bottom = ink(alone)
        x, y = round(text.box[0] * 8 * 25.4 / 72), round((144 - text.box[3]) * 8 * 25.4 / 72)
        mine = ink(picture)
        assert mine[0] + x == pytest.approx(left, abs=1.5)
        assert mine[2] + x == pytest.approx(right, abs=1.5)
        assert (mine[1] + y, mine[3] + y) == (pytest.approx(top, abs=1.5), pytest.approx(bottom, abs=1.5))


@pytest.mark.parametrize(("dots", "dpi"), RESOLUTIONS)
def test_barcodes_are_pictures_of_whole_dots(dots: int, dpi: int) -> None:
    """Three dots a module at 203 dpi, four at 300, readable as they are sent."""
    module = {203: 3, 300: 4}[dpi]
    page = page_of("Ada Example", dpi)
    pictures = unpacked(zpl([page], dots).decode("ascii"))
    codes = [mark for mark in page.marks if isinstance(mark, Code)]
    for picture, code in zip(pictures[-2:], codes, strict=True):
        left, _, right, _ = ink(picture)
        assert right - left == module * len(code.symbol.rows[0])
        (read,) = zxingcpp.read_barcodes(picture)
        assert read.text == code.symbol.text


def test_a_printer_has_no_grey() -> None:
    """A light rule is left out, a dark one is black; a shape that no label has is an error of the program."""

    def fields(*marks: Mark) -> Sequence[str]:
        return zpl([Page(wide=288, high=144, marks=marks)], 8).decode().splitlines()[1:-1]

    assert fields(Rule(x=7, y=40, to_x=200, to_y=40, grey=0.9), Box(x=1, y=1, wide=9, high=9, fill=0.92)) == []
    assert fields(Rule(x=72, y=72, to_x=144, to_y=72, weight=1)) == ["^FO203,203^GB203,3,3^FS"]
    assert fields(Box(x=72, y=72, wide=36, high=36, fill=0)) == ["^FO203,102^GB102,102,102^FS"]
    with pytest.raises(TypeError, match="Sector"):
        fields(Sector(x=1, y=1, radius=1))


@pytest.mark.parametrize(("dots", "dpi"), RESOLUTIONS)
def test_a_drawn_label_has_its_barcodes_and_all_its_words(dots: int, dpi: int) -> None:
    """The renderer's pictures: one a label, barcodes that read, and names that change nothing but themselves."""
    names = ["Ada Example", "Łukasz Žižka", *HOSTILE[:-1]]
    plain, *others = pictures = drawn(zpl([page_of(name, dpi) for name in names], dots), dots)
    assert len(pictures) == len(names)
    for picture in pictures:
        found = {read.text: read.symbology_identifier for read in zxingcpp.read_barcodes(picture)}
        assert found == {"RX-104233": "]C0", "(17)270529(10)261201-K7QD2(21)RX-104233-261201-1": "]d2"}
    below = (0, round(22 * dots * 25.4 / 72), plain.width, plain.height)
    for picture in others:
        assert ImageChops.difference(picture.crop(below), plain.crop(below)).getbbox() is None
        assert ImageChops.difference(picture, plain).getbbox() is not None


def test_the_printers_type_is_not_wider_than_was_measured() -> None:
    """Each line in the renderer's font 0 stays in the room that the label gave it."""
    marks = page_of("Ada M. WWW Example-Wagner", 203).marks
    pages = [Page(wide=288, high=144, marks=(mark,)) for mark in marks if isinstance(mark, Text)]
    scale = 8 * 25.4 / 72
    for picture, page in zip(drawn(zpl(pages, 8), 8), pages, strict=True):
        left, bottom, right, top = (edge * scale for edge in page.marks[0].box)
        mine = ink(picture)
        assert left - 2 <= mine[0] < mine[2] <= right + 2
        assert picture.height - top - 2 <= mine[1] < mine[3] <= picture.height - bottom + 2
