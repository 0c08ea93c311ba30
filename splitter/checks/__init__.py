"""Clinical checks of a plan. Each function is one check; `CHECKS` lists them; adding a check is adding a function.

No check knows a drug: what differs by drug stands in its formulary. `doses` asks about each dose, `changes` about the
way of the dose (`course` is that way), `pace` holds it against the cited tapers, `dates` against the calendar and the
`law`; `division` asks about the times of a day, `patient` about the patient, `measuring` about volumes, `products`
about what is used, `compounding` about what is made. `question` is what they look at and how they say what they found.
"""

from __future__ import annotations

from splitter.checks.changes import (
    abrupt_end,
    faster_than_cited,
    large_drop,
    large_rise,
    restart_after_pause,
    rise_in_taper,
    slight_rise_in_taper,
    steep_reduction,
    unsafe_end,
)
from splitter.checks.compounding import (
    beyond_use_evidence,
    beyond_use_stated,
    component_expires,
    compounded,
    hazardous_dust,
    too_light_to_weigh,
)
from splitter.checks.course import Stretch, course, is_short_course, until_last_dose
from splitter.checks.dates import (
    prescription_lapses,
    refills_beyond_law,
    start_before_written,
    start_far_ahead,
    start_long_ago,
    supply_beyond_law,
)
from splitter.checks.division import against_the_day, uneven_day
from splitter.checks.doses import (
    far_over_usual_dose,
    many_pieces,
    not_the_target,
    outside_prescribed_range,
    over_labelled_maximum,
    over_single_maximum,
    over_usual_dose,
    quantity_contradicts,
    rule_not_kept,
)
from splitter.checks.measuring import concentration_changes, inaccurate_volume, short_interlude
from splitter.checks.pace import CitedPace, cited_paces, most_at_once
from splitter.checks.patient import kidney_function, long_gap
from splitter.checks.precision import step_not_resolved
from splitter.checks.products import (
    illustrative_price,
    long_open_bottle,
    look_alike_concentrations,
    not_proved_cheapest,
    not_scored,
    price_old,
    score_of_one_maker,
    unverified_fact,
)
from splitter.checks.question import Check, Question, place
from splitter.plan import Finding

CHECKS: tuple[Check, ...] = (
    over_labelled_maximum,
    over_single_maximum,
    far_over_usual_dose,
    large_drop,
    unsafe_end,
    large_rise,
    rise_in_taper,
    outside_prescribed_range,
    quantity_contradicts,
    start_before_written,
    start_long_ago,
    start_far_ahead,
    refills_beyond_law,
    supply_beyond_law,
    too_light_to_weigh,
    component_expires,
    kidney_function,
    faster_than_cited,
    steep_reduction,
    abrupt_end,
    over_usual_dose,
    slight_rise_in_taper,
    restart_after_pause,
    long_gap,
    not_the_target,
    rule_not_kept,
    against_the_day,
    uneven_day,
    short_interlude,
    concentration_changes,
    inaccurate_volume,
    step_not_resolved,
    many_pieces,
    not_scored,
    long_open_bottle,
    prescription_lapses,
    price_old,
    not_proved_cheapest,
    look_alike_concentrations,
    hazardous_dust,
    score_of_one_maker,
    compounded,
    beyond_use_evidence,
    beyond_use_stated,
    illustrative_price,
    unverified_fact,
)
"""Every check: those that stop first, then those that warn, the worst first; then notes."""

__all__ = [
    "CHECKS",
    "Check",
    "CitedPace",
    "Question",
    "Stretch",
    "cited_paces",
    "course",
    "is_short_course",
    "most_at_once",
    "place",
    "run_checks",
    "until_last_dose",
]


def run_checks(question: Question) -> tuple[Finding, ...]:
    """Every clinical finding about a plan, in the order of `CHECKS`.

    For an infeasible plan the targets are checked, since nothing is delivered.
    """
    return tuple(finding for check in CHECKS for finding in check(question))
