"""What the name of a medicine says in a price list: "METOPROLOL TARTRATE 25 MG TAB", "Baclofen 5mg/5ml oral solution".

A name is understood word by word. What is left over is said, and a name with anything left over is of no product: a
word that nobody knows may be the one that makes it another medicine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Form
from splitter.quantity import Concentration, Mass

_AMOUNT = re.compile(
    r"(?<![a-z0-9.-])(?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+) ?(?P<unit>mg|mcg|micrograms?|g|gm|grams?)"
    r"(?:(?P<per> ?/ ?)(?P<volume>(?!0+(?:\.0*)? ?ml)[0-9]+(?:\.[0-9]+)?)? ?(?P<ml>ml)\b)?(?![a-z0-9])"
)
_IN_MG = {"mg": Fraction(1), "g": Fraction(1000), "gm": Fraction(1000), "gram": Fraction(1000), "grams": Fraction(1000)}
_MICROGRAM = Fraction(1, 1000)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|[^\sa-z]+")

_FORMS = {
    Form.TABLET: "tablet tablets tab tabs",
    Form.CAPSULE: "capsule capsules cap caps",
    Form.PACKET: "packet packets pkt sachet sachets",
    Form.SUSPENSION: "suspension susp",
    Form.SOLUTION: "solution soln sol liquid liq elixir elix syrup syrp drops concentrate conc concent concen",
}
_FORM_OF = {word: form for form, words in _FORMS.items() for word in words.split()}

_SALTS = {
    "acetate": "acetate acet",
    "besylate": "besylate",
    "bitartrate": "bitartrate bitart",
    "fumarate": "fumarate fum",
    "hydrobromide": "hydrobromide hbr",
    "hydrochloride": "hydrochloride hcl",
    "maleate": "maleate",
    "mesylate": "mesylate mesilate",
    "oxalate": "oxalate",
    "phosphate": "phosphate phos ph",
    "potassium": "potassium",
    "sodium": "sodium sod",
    "succinate": "succinate succ succnt",
    "sulfate": "sulfate sulphate sulf",
    "tartrate": "tartrate tart",
}
_SALT_OF = {word: salt for salt, words in _SALTS.items() for word in words.split()}

_KINDS = {
    "extended release": "er xr sr xl la cr extended modified-release prolonged-release controlled-release "
    "extended-release",
    "delayed release": "dr ec gastro-resistant enteric-coated delayed-release delayed enteric",
    "orally disintegrating": "odt orodispersible disintegrating dis disint rapidis rapdis orally",
    "dispersible": "dispersible disper",
    "soluble": "soluble effervescent",
    "chewable": "chewable chew",
    "sublingual": "sublingual sl",
    "sprinkle": "sprinkle sprinkles sprink",
    "once daily": "once-daily",
    "unit dose": "unit-dose unit cup",
}
PACKAGING = frozenset(("unit dose",))
"""Kinds that say how a medicine is packed, not what it is."""

RELEASES = frozenset(("extended release", "delayed release"))

LIQUID_FORMS = (Form.SUSPENSION, Form.SOLUTION)

_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_SAYS_NOTHING = frozenset(
    ("oral", "sugar", "free", "sf", "film-coated", "film", "coated", "f/c", "granules", "usp", "for", "release", "dose")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A name taken apart. `substance` are the words that are none of the others, in their order.

    `strengths` has one entry unless it is a combination, `kinds` what makes it another product though strength and
    form are the same, `concentration` tells "5 mg/mL" from "5 mg".
    """

    substance: tuple[str, ...]
    salts: frozenset[str]
    kinds: frozenset[str]
    forms: frozenset[Form]
    strengths: tuple[Mass | Concentration, ...]


def describe(name: str) -> Described:
    """Take a name apart.

    >>> said = describe("METOPROLOL TARTRATE 25 MG TAB")
    >>> said.substance, sorted(said.salts), sorted(said.forms), said.strengths
    (('metoprolol',), ['tartrate'], [<Form.TABLET: 'tablet'>], (Mass(value=Fraction(25, 1)),))
    """
    text = " ".join(name.casefold().split())
    words = [part for word in _WORD.findall(_AMOUNT.sub(" ", text)) for part in _parts(word)]
    forms = frozenset(_FORM_OF[word] for word in words if word in _FORM_OF)
    kinds = frozenset(_KIND_OF[word] for word in words if word in _KIND_OF)
    if Form.TABLET in forms and len(forms) > 1:
        forms, kinds = frozenset([Form.TABLET]), kinds | {"for a liquid"}
    return Described(
        substance=tuple(word for word in words if not _is_known(word)),
        salts=frozenset(_SALT_OF[word] for word in words if word in _SALT_OF),
        kinds=kinds,
        forms=forms,
        strengths=tuple(map(_strength, _AMOUNT.finditer(text))),
    )


def _parts(word: str) -> list[str]:
    """A word, or the words that a hyphen joins to how the medicine is released, as in "venlafaxine-er"."""
    parts = word.split("-")
    return parts if not _is_known(word) and any(part in _KIND_OF for part in parts) else [word]


def _is_known(word: str) -> bool:
    return word in _SALT_OF or word in _KIND_OF or word in _FORM_OF or word in _SAYS_NOTHING


def _strength(match: re.Match[str]) -> Mass | Concentration:
    milligrams = Fraction(match["amount"].replace(",", "")) * _IN_MG.get(match["unit"], _MICROGRAM)
    if match["ml"] is None:
        return Mass(milligrams)
    return Concentration(milligrams / Fraction(match["volume"] or 1))
