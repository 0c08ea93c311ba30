"""How many findings the plans of the 300 prescriptions have: people read one warning, and none of ten."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from statistics import mean, median

from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.optimise import Limits
from splitter.plan import Plan, Severity
from splitter.prescription import read_pharmacy, read_prescription
from splitter.service import plan
from tests.benchmark.orders import orders

ORDERS = 300
GOAL = 1
"""The median of the warnings of a plan is to be at most this."""
LONGEST = Limits(seconds=Fraction(20))


def plans(count: int = ORDERS) -> list[Plan]:
    """The plans of so many prescriptions; what is refused at the door has none."""
    pharmacy, found = read_pharmacy(None), []
    for drug, text in orders(count):
        try:
            found.append(plan(read_prescription("order", text), pharmacy, load_formulary(drug), LONGEST))
        except InputError:
            continue
    return found


def counts(made: list[Plan], severity: Severity) -> list[int]:
    """How many findings of this weight each plan has."""
    return [sum(finding.severity is severity for finding in each.findings) for each in made]


def main() -> None:
    """Print the table."""
    made = plans()
    print(f"{len(made)} plans of {ORDERS} prescriptions; the goal is a median of at most {GOAL} warning")
    for severity in Severity:
        numbers = counts(made, severity)
        print(f"{severity}: median {median(numbers)}, mean {mean(numbers):.2f}, most {max(numbers)}")
        codes = Counter(code for each in made for code in {f.code for f in each.findings if f.severity is severity})
        print("  " + ", ".join(f"{code} {number}" for code, number in codes.most_common()))


if __name__ == "__main__":
    main()
