"""What is in force for one prescription of a drug: where it says nothing itself, the drug's own data do."""

from __future__ import annotations

from splitter.formulary.records import Formulary
from splitter.prescription import LargerDose, Pharmacy, Policy, Prescription, policy_in_force


def policy_for(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Policy:
    """The policy in force, with the limits of the drug and of its schedule."""
    controlled = formulary.control is not None
    return policy_in_force(prescription, pharmacy, formulary.max_imbalance, controlled=controlled)


def larger_dose_for(prescription: Prescription, formulary: Formulary) -> LargerDose:
    """Whether the first or the last time of the day keeps the larger dose."""
    return prescription.larger_dose or formulary.larger_dose or LargerDose.LAST
