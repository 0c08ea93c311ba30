"""Real plans to plant errors in: with compounding, with a finding that stops, with reasons, and an impossible one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from splitter.formulary import Formulary, load_formulary
from splitter.plan import plan_to_json
from splitter.prescription import Pharmacy, Prescription, read_pharmacy, read_prescription
from splitter.service import Inputs, inputs_of, plan, with_reasons, with_remedies, with_savings

EXAMPLE = Path(__file__).parents[1] / "examples" / "baclofen.toml"

_HEAD = """
[prescription]
number = "RX-7"
drug = "{drug}"
start = 2026-12-01
written = 2026-11-20
times = ["08:00", "20:00"]
indication = "a reason"
[patient]
name = "Ada Example"
born = 1961-04-02
address = "1 High Street, Springfield"
[prescriber]
name = "Dr B. Example"
phone = "555 0100"
"""
_STEPS = """
[[step]]
daily = "{first}"
for = "2 weeks"
[[step]]
daily = "0 mg"
for = "1 week"
[[step]]
daily = "{second}"
for = "3 weeks"
"""
TEXTS = {
    "over the maximum": _HEAD.format(drug="baclofen") + _STEPS.format(first="100 mg", second="20 mg"),
    "with reasons": _HEAD.format(drug="baclofen") + _STEPS.format(first="20 mg", second="3 mg"),
    "of another drug": _HEAD.format(drug="clonazepam") + _STEPS.format(first="1 mg", second="0.3 mg"),
    "impossible": _HEAD.format(drug="baclofen")
    + '[policy]\nliquids = "never"\ncompounded = false\nsplit = "scored"\n'
    + _STEPS.format(first="21 mg", second="20 mg"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan file and what it was made from."""

    inputs: Inputs
    text: str


def _inputs(name: str) -> Inputs:
    text = EXAMPLE.read_text(encoding="utf-8") if name == "the example" else TEXTS[name]
    order = read_prescription("rx.toml", text)
    return inputs_of(order, read_pharmacy(), load_formulary(order.drug))


def _order(inputs: Inputs) -> tuple[Prescription, Pharmacy, Formulary]:
    return inputs.prescription, inputs.pharmacy, inputs.formulary


@cache
def planned(name: str) -> Planned:
    """The plan of this name, made once."""
    inputs = _inputs(name)
    made = plan(inputs.prescription, inputs.pharmacy, inputs.formulary)
    if name == "with reasons":
        made = with_reasons(made, inputs.prescription, inputs.pharmacy, inputs.formulary)
    made = with_savings(with_remedies(made, *_order(inputs)), *_order(inputs))
    return Planned(inputs=inputs, text=plan_to_json(made))


NAMES = ("the example", *TEXTS)
Make = Callable[[str], Planned]
