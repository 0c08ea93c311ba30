"""What the prescriber ordered and how the pharmacy works: the records, and how their files are read."""

from splitter.prescription.change_days import waiting
from splitter.prescription.day import is_after_midnight, is_ordered, moment
from splitter.prescription.pharmacy import pharmacy_from_text, read_pharmacy
from splitter.prescription.policy import burdens_of, policy_in_force
from splitter.prescription.quantity import StatedQuantity
from splitter.prescription.ranges import read_lengths, read_reductions
from splitter.prescription.reading import AmountOrShare, read_prescription, read_steps
from splitter.prescription.records import (
    Amendment,
    AtHome,
    Compounding,
    Costs,
    Cutting,
    DivisionRule,
    Evidence,
    Fine,
    LargerDose,
    Liquids,
    Patient,
    Pharmacy,
    Policy,
    Prefer,
    Prescriber,
    Prescription,
    Split,
    Step,
    Syringe,
    Tolerance,
)
from splitter.prescription.rule import Phase, Reduction, Round, TaperRule
from splitter.prescription.weekdays import ChangeDays

__all__ = [
    "Amendment",
    "AmountOrShare",
    "AtHome",
    "ChangeDays",
    "Compounding",
    "Costs",
    "Cutting",
    "DivisionRule",
    "Evidence",
    "Fine",
    "LargerDose",
    "Liquids",
    "Patient",
    "Pharmacy",
    "Phase",
    "Policy",
    "Prefer",
    "Prescriber",
    "Prescription",
    "Reduction",
    "Round",
    "Split",
    "StatedQuantity",
    "Step",
    "Syringe",
    "TaperRule",
    "Tolerance",
    "burdens_of",
    "is_after_midnight",
    "is_ordered",
    "moment",
    "pharmacy_from_text",
    "policy_in_force",
    "read_lengths",
    "read_pharmacy",
    "read_prescription",
    "read_reductions",
    "read_steps",
    "waiting",
]
