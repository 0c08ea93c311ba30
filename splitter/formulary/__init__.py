"""What exists for one drug: typed products with their supply and price, from a formulary file."""

from splitter.formulary.codes import billing_code
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
from splitter.formulary.reading import choose_formulary, load_formulary, read_formulary
from splitter.formulary.recipes import Batch, Category, Ingredient, Monograph, QualityCheck, Size, Study
from splitter.formulary.records import Bottles, Form, Formulary, Loose, Packs, Product, Supply

__all__ = [
    "Batch",
    "Bottles",
    "Category",
    "Certainty",
    "Codes",
    "Control",
    "Form",
    "Formulary",
    "Hazard",
    "Ingredient",
    "Loose",
    "Monograph",
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
    "load_formulary",
    "read_formulary",
]
