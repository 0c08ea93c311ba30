"""What exists for one drug: typed products with their supply and price, from a formulary file."""

from splitter.formulary.beyond_use import with_beyond_use
from splitter.formulary.choosing import choose_formulary, load_formulary
from splitter.formulary.codes import billing_code
from splitter.formulary.doubts import Doubt, doubts
from splitter.formulary.facts import (
    Certainty,
    Codes,
    Control,
    Hazard,
    Provenance,
    Schedule,
    Sourced,
    TaperAdvice,
    Withdrawal,
)
from splitter.formulary.overlay import Overlaid, OwnFact, known_drugs, overlay, own_files, read_overlays
from splitter.formulary.reading import read_formulary
from splitter.formulary.recipes import Batch, Category, Ground, Ingredient, Monograph, QualityCheck, Size, Study
from splitter.formulary.records import Bottles, Form, Formulary, Loose, Packs, Product, Supply

__all__ = [
    "Batch",
    "Bottles",
    "Category",
    "Certainty",
    "Codes",
    "Control",
    "Doubt",
    "Form",
    "Formulary",
    "Ground",
    "Hazard",
    "Ingredient",
    "Loose",
    "Monograph",
    "Overlaid",
    "OwnFact",
    "Packs",
    "Product",
    "Provenance",
    "QualityCheck",
    "Schedule",
    "Size",
    "Sourced",
    "Study",
    "Supply",
    "TaperAdvice",
    "Withdrawal",
    "billing_code",
    "choose_formulary",
    "doubts",
    "known_drugs",
    "load_formulary",
    "overlay",
    "own_files",
    "read_formulary",
    "read_overlays",
    "with_beyond_use",
]
