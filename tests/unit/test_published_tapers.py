"""Published schedules, each with its source: planned with proof, verified, printed; rules made by the rule."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from splitter.formulary import load_formulary
from splitter.labels import lay_out_labels
from splitter.plan import Status
from splitter.prescription import Prescription, read_pharmacy, read_prescription
from splitter.service import plan, propose, schedule, verify_plan
from splitter.sheets import lay_out_sheets
from splitter.wording.visits import visit_dates

PEOPLE = (
    '[patient]\nname = "Ada Example"\nborn = 1961-04-02\naddress = "1 High Street"\n[prescriber]\nname = "Dr Example"\n'
)


def headed(drug: str, times: str, body: str) -> Prescription:
    head = f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = [{times}]\n'
    return read_prescription("a published taper", head + PEOPLE + body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Steps as "dose dose …xdays" [mg], each dose that of one time."""

    source: str
    drug: str
    times: str
    steps: str

    def prescription(self) -> Prescription:
        read = (step.split("x") for step in self.steps.split(";"))
        lines = (
            f"[[step]]\ndoses = [{', '.join(f'{dose!r}' for dose in (f'{mg} mg' for mg in doses.split()))}]\n"
            f'for = "{days} days"\n'
            for doses, days in read
        )
        return headed(self.drug, self.times, "".join(lines))


PUBLISHED = (
    Published(
        source="26-week prednisone taper of giant cell arteritis, the shape of a trial's arm (doi 10.1002/art.40876)",
        drug="prednisone",
        times='"08:00"',
        steps="60x7;50x7;40x7;35x7;30x7;25x7;20x7;15x7;12.5x14;10x7;9x7;8x7;7x7;6x14;5x14;4x14;3x14;2x14;1x14",
    ),
    Published(
        source="ARAMIS trial, table 3, option 1 (doi 10.1186/s13063-020-04285-3)",
        drug="prednisone",
        times='"08:00"',
        steps="30x3;20x3;15x3;10x3;5x3;2.5x3",
    ),
    Published(
        source="NHS Scotland, benzodiazepine reduction schedules, diazepam mornings and nights; two weeks assumed",
        drug="diazepam",
        times='"08:00", "22:00"',
        steps="10 10x14;9 10x14;8 10x14;7 10x14;6 10x14;5 10x14;4 10x14;3 10x14;2 10x14;1 10x14;0 10x14;0 9x14;0 8x14;"
        "0 7x14;0 6x14;0 5x14;0 4x14;0 3x14;0 2x14;0 1x14",
    ),
    Published(
        source="the faster of two citalopram schemes from 40 mg (psychiatrienet.nl)",
        drug="citalopram",
        times='"08:00"',
        steps="30x7;20x7;10x7",
    ),
)


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda each: f"{each.drug}, {each.source[:20]}")
def test_it_is_planned_verified_and_printed(published: Published) -> None:
    """Exactly its doses, by a proved plan that the second check passes."""
    order = published.prescription(), read_pharmacy(), load_formulary(published.drug)
    made = plan(*order)
    assert made.status is Status.OPTIMAL
    assert [step.delivered_mg for step in made.steps] == [step.target.value for step in order[0].steps]
    assert verify_plan(made, *order).agrees
    dates = visit_dates(made)
    assert list(lay_out_labels(made, dates=dates))
    assert list(lay_out_sheets(made, dates))


POLYMYALGIA = """
[[taper]]
from = "15 mg"
reduce = "2.5 mg"
every = "3 weeks"
to = "10 mg"
hold = "1 week"

[[taper]]
reduce = "1 mg"
every = "4 weeks"
"""


def test_a_rule_of_polymyalgia_makes_its_steps() -> None:
    """British Society for Rheumatology, as quoted: 15 and 12.5 mg for 3 weeks, 10 mg for 4, then 1 mg less every 4."""
    order = headed("prednisolone", '"08:00"', POLYMYALGIA), read_pharmacy(), load_formulary("prednisolone")
    made = [(step.daily_mg, step.days) for step in schedule(*order).steps]
    assert made == [(15, 21), (12.5, 21), (10, 28), *((mg, 28) for mg in range(9, 0, -1))]


DIAZEPAM = """
[[taper]]
from = "40 mg"
reduce = "2 to 4 mg"
every = "1 to 2 weeks"
to = "20 mg"

[[taper]]
reduce = "1 to 2 mg"
every = "1 to 2 weeks"
to = "10 mg"

[[taper]]
reduce = "1 mg"
every = "1 to 2 weeks"
to = "5 mg"

[[taper]]
reduce = "0.5 to 1 mg"
every = "1 to 2 weeks"
finish = "30 to 60 weeks"
"""


def test_the_ranges_of_a_summary_reach_the_lengths_that_it_states() -> None:
    """NICE Clinical Knowledge Summary, benzodiazepine withdrawal: from 40 mg of diazepam in 30 to 60 weeks."""
    order = headed("diazepam", '"08:00", "20:00"', DIAZEPAM), read_pharmacy(), load_formulary("diazepam")
    found = propose(*order).proposals
    assert (found[0].days, found[-1].days) == (30 * 7, 60 * 7)
    assert not any(each.over for each in found)
