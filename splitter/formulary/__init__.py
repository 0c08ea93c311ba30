"""What exists for one drug: typed products with their supply and price, from a formulary file."""

from splitter.formulary.reading import choose_formulary, load_formulary, read_formulary
from splitter.formulary.records import (
    Batch,
    Bottles,
    Certainty,
    Form,
    Formulary,
    Ingredient,
    Loose,
    Packs,
    Product,
    Provenance,
    Size,
    Supply,
)

__all__ = [
    "Batch",
    "Bottles",
    "Certainty",
    "Form",
    "Formulary",
    "Ingredient",
    "Loose",
    "Packs",
    "Product",
    "Provenance",
    "Size",
    "Supply",
    "choose_formulary",
    "load_formulary",
    "read_formulary",
]
