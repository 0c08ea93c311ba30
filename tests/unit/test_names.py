"""Names of the world as they are drawn: every letter in its place, joined where it joins, or refused by name."""

from __future__ import annotations

import io
import unicodedata

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from splitter.labels.drawing import pdf
from splitter.labels.fonts import Face, unprintable, width
from splitter.labels.marks import Page, Text
from splitter.labels.shaping import shown

ALEF, BET, GIMEL = "\u05d0", "\u05d1", "\u05d2"
SHOWN = [
    ("Łukasz Žižka", "Łukasz Žižka"),
    (f"{ALEF}{BET}{GIMEL}", f"{GIMEL}{BET}{ALEF}"),
    (f"Dr {ALEF}{BET} Example", f"Dr {BET}{ALEF} Example"),
    (f"{ALEF}{BET} 10 mg", f"{BET}{ALEF} 10 mg"),
    (f"{ALEF}{BET} 10 mg 3 {GIMEL}{ALEF}", f"{BET}{ALEF} 10 mg 3 {ALEF}{GIMEL}"),
    (f"{ALEF}{BET} 12, {GIMEL}{ALEF} 61000", f"61000 {ALEF}{GIMEL} ,12 {BET}{ALEF}"),
    (f"{ALEF}{BET} 555 0199", f"555 0199 {BET}{ALEF}"),
    (f"{ALEF}{BET} 5, 03-555 0199", f"03-555 0199 ,5 {BET}{ALEF}"),
    (f"{ALEF}{BET}: +972-3-555", f"+972-3-555 :{BET}{ALEF}"),
    (f"{ALEF} ({BET}{GIMEL})", f"({GIMEL}{BET}) {ALEF}"),
    (f"{ALEF} ({BET}{GIMEL}) Smith", f"({GIMEL}{BET}) {ALEF} Smith"),
    (f"Smith ({ALEF}{BET}), 10 mg", f"Smith ({BET}{ALEF}), 10 mg"),
    ("\u0661\u0662 \u0663 \u0631\u0636", "\u0636\u0631 \u0661\u0662 \u0663"),
    # beh, alef: initial and final form; a lam before an alef is one letter with it
    ("\u0628\u0627", "\ufe8e\ufe91"),
    ("\u0644\u0627", "\ufefb"),
    # alone, a letter is its own isolated form; reh doesn't join what follows
    ("\u0631\u0636", "\u0636\u0631"),
    # a non-joiner, as Persian names are spelled, keeps letters apart and isn't drawn
    ("\u0628\u200c\u0628", "\u0628\u0628"),
]


@pytest.mark.parametrize(("text", "line"), SHOWN, ids=[ascii(text) for text, _ in SHOWN])
def test_the_order_on_a_line(text: str, line: str) -> None:
    """Hebrew and Arabic run to the left; Latin, numbers with their units, and groups of digits keep their order."""
    assert shown(text) == line


@pytest.mark.parametrize(
    "name",
    ["Łukasz Žižka", "Nguyễn Thị Minh", "Ευγενία Ώρα", "Ольга Ёлкина", "İğneli Şule", "שרה כהן", "محمد عبد الله",
     "علی\u200cرضا پژمان گچی", "לאה Cohen-Łoś"],
)  # fmt: skip
@pytest.mark.parametrize("face", list(Face))
def test_names_are_measured_as_they_are_drawn(name: str, face: Face) -> None:
    """The ink of a name ends where its measured width says, but for a letter's side bearing; the file holds it."""
    assert unprintable(name, "patient.name") == ()
    size, left = 40.0, 20.0
    measured = width(name, face, size)
    text = Text(x=left, y=30, text=name, face=face, size=size)
    document = pdf([Page(wide=measured + 2 * left, high=80, marks=(text,))], title="test")
    assert letters(PdfReader(io.BytesIO(document)).pages[0].extract_text()) == letters(name)
    start, _, end, _ = ink(document)
    assert left - 0.1 * size <= start <= left + 0.15 * size
    assert left + measured - 0.15 * size <= end <= left + measured + 0.1 * size


def letters(text: str) -> list[str]:
    """The letters of a text in any order, and whatever form they have; readers of PDF turn lines to be read."""
    return sorted("".join(unicodedata.normalize("NFKC", text).replace("\u200c", "").split()))


def ink(document: bytes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is dark on the first page [pt]."""
    picture = pypdfium2.PdfDocument(document)[0].render(scale=4).to_pil().convert("L")
    box = ImageChops.invert(picture).point(lambda value: 255 if value > 100 else 0).getbbox()
    assert box is not None
    return tuple(edge / 4 for edge in box)  # type: ignore[return-value]


def test_joined_letters_are_drawn_joined() -> None:
    """Three joined letters are one piece of ink at their baseline's height; kept apart they are three."""
    assert pieces("\u0633\u0633\u0633") == 1
    assert pieces("\u0633\u200c\u0633\u200c\u0633") == 3


def pieces(name: str) -> int:
    """How many separate stretches of ink a name has from left to right."""
    text = Text(x=20, y=40, text=name, face=Face.REGULAR, size=40)
    document = pdf([Page(wide=width(name, Face.REGULAR, 40) + 40, high=100, marks=(text,))], title="test")
    picture = pypdfium2.PdfDocument(document)[0].render(scale=4).to_pil().convert("L")
    columns = picture.resize((picture.width, 1), Image.Resampling.BOX).tobytes()
    dark = [value < 250 for value in columns]
    return sum(here and not before for before, here in zip([False, *dark], dark, strict=False))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王小明", "U+738B"),
        ("Ada\u202eelpmaxE", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("שרה\u2067כהן", "U+2067 (RIGHT-TO-LEFT ISOLATE)"),
        ("שרה\u200fכהן", "U+200F (RIGHT-TO-LEFT MARK)"),
        ("Ada\u200cExample", "U+200C (ZERO WIDTH NON-JOINER)"),
        ("\u200cعلی", "U+200C (ZERO WIDTH NON-JOINER)"),
        ("Ada\ufeffExample", "U+FEFF"),
        ("Ada\x1b[31m", "U+001B"),
        ("שָׂרָה", "a combining mark"),
        ("مُحَمَّد", "a combining mark"),
        ("ڪاف", "U+06AA (ARABIC LETTER SWASH KAF)"),
        ("ހާރޫނު", "U+0780"),
        ("\ue000", "U+E000"),
    ],
    ids=ascii,
)
def test_what_cannot_be_shown_is_named(text: str, found: str) -> None:
    """What no font shows, what controls direction, and letters whose joined forms aren't known are refused by name."""
    assert found in "; ".join(str(fault) for fault in unprintable(text, "patient.name"))
