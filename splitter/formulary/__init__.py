"""What exists for one drug: typed products with their supply and price, from a formulary file."""

from splitter.formulary.beyond_use import as_counted, with_beyond_use
from splitter.formulary.choosing import choose_formulary, load_formulary
from splitter.formulary.codes import billing_code
from splitter.formulary.doubts import CONFUSABLE, Doubt, changed_prices, doubts
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
from splitter.formulary.overlay import (
    Overlaid,
    OwnFact,
    concerned,
    is_overlay,
    known_drugs,
    nearest,
    overlay,
    own_files,
    place_of,
    read_overlays,
    same_drug,
)
from splitter.formulary.reading import formulary_of, read_formulary
from splitter.formulary.recipes import Batch, Category, Ground, Ingredient, Monograph, QualityCheck, Size, Study
from splitter.formulary.records import Bottles, Form, Formulary, Loose, Packs, Product, Supply

__all__ = [
    "CONFUSABLE",
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
    "as_counted",
    "billing_code",
    "changed_prices",
    "choose_formulary",
    "concerned",
    "doubts",
    "formulary_of",
    "is_overlay",
    "known_drugs",
    "load_formulary",
    "nearest",
    "overlay",
    "own_files",
    "place_of",
    "read_formulary",
    "read_overlays",
    "same_drug",
    "with_beyond_use",
]
