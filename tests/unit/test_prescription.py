"""Prescriptions and pharmacies: what a file says, every fault of it, and which policy is in force."""

import datetime as dt
import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.errors import InputError
from splitter.prescription import (
    Compounding,
    Evidence,
    Liquids,
    Patient,
    Pharmacy,
    Phase,
    Policy,
    Prefer,
    Prescription,
    Reduction,
    Round,
    Split,
    StatedQuantity,
    Step,
    Syringe,
    TaperRule,
    Tolerance,
    pharmacy_from_text,
    policy_in_force,
    read_pharmacy,
    read_prescription,
)
from splitter.quantity import Mass, Money, Volume
from splitter.units import ReadError

EXAMPLE = Path(__file__).parents[1] / "examples" / "baclofen.toml"
HEAD = """
[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "14:00", "20:00"]
"""
STEP = '[[step]]\ndaily = "60 mg"\nfor = "2 weeks"\n'
TAPER = '[taper]\nfrom = "60 mg"\nreduce = "10 %"\nevery = "2 weeks"\ngrid = "0.5 mg"\nlast = "4.5 mg"\n'
PHASES = """
[[taper]]
from = "80 mg"
reduce = "5 mg"
every = "1 week"
to = "40 mg"
hold = "2 weeks"

[[taper]]
reduce = "10 %"
every = "2 weeks"
last = "4.5 mg"
round = "tablets"
round_within = "4 %"
grid = "0.5 mg"
"""
PHARMACY = """
[pharmacy]
name = "Corner Pharmacy"
address = "3 High Street, Springfield"
phone = "555 0111"
licence = "PH-2"
currency = "USD"
"""


def mg(text: str) -> Mass:
    return Mass(Fraction(text))


def read(text: str) -> Prescription:
    return read_prescription("rx.toml", text)


def faults_of(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        read(text)
    assert {fault.file for fault in caught.value.faults} == {"rx.toml"}
    return [(fault.key, fault.found, fault.remedy) for fault in caught.value.faults]


def test_the_example_is_read() -> None:
    """The year-long taper of the README: people, dates, times and rule."""
    prescription = read_prescription(EXAMPLE)
    assert prescription.number == "RX-104233"
    assert prescription.start == dt.date(2026, 12, 1)
    assert prescription.written == dt.date(2026, 11, 20)
    assert prescription.times == (dt.time(8), dt.time(14), dt.time(20))
    assert prescription.patient == Patient(
        name="Ada Example", born=dt.date(1961, 4, 2), address="1 High Street, Springfield"
    )
    phase = Phase(reduction=Reduction(share=Fraction(1, 10)), every=14, last=mg("4.5"))
    assert prescription.taper == TaperRule(start=mg("60"), phases=(phase,))
    exact = read_prescription(EXAMPLE.with_stem("baclofen-half-milligrams")).taper
    assert exact == TaperRule(start=mg("60"), phases=(replace(phase, round=Round.GRID, grid=mg("0.5")),))
    assert prescription.sha256 == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


def test_steps_are_daily_doses_or_doses_of_each_time() -> None:
    """The target of stated doses is their sum; all zero is a drug-free step; a range is kept for the check."""
    text = (
        HEAD
        + STEP
        + '[[step]]\ndoses = ["20 mg", "0 mg", "15.5 mg"]\nfor = "1 day"\n'
        + '[[step]]\ndaily = "0 mg"\nfor = "3 days"\n'
        + '[[step]]\ndoses = ["0 mg", "0 mg", "0 mg"]\nfor = "4 days"\n'
        + '[[step]]\ndaily = "5 mg"\nfor = "1 week"\nrange = ["4 mg", "6 mg"]\n'
    )
    assert read(text).steps == (
        Step(days=14, target=mg("60")),
        Step(days=1, target=mg("35.5"), doses=(mg("20"), mg("0"), mg("15.5"))),
        Step(days=3, target=mg("0")),
        Step(days=4, target=mg("0")),
        Step(days=7, target=mg("5"), allowed=(mg("4"), mg("6"))),
    )


def test_what_the_checks_go_by_is_read() -> None:
    """A stated quantity, the cited taper that is followed, and the kidneys' function, which is none of the patient's
    printed words."""
    head = HEAD + 'quantity = "100 tablets of 5 mg"\nfollows = "label"\n'
    patient = '[patient]\nname = "Ada Example"\nborn = 1961-04-02\negfr = "45 mL/min/1.73 m2"\n'
    prescription = read(head + STEP + patient)
    quantity = prescription.quantity
    assert quantity is not None
    assert (quantity.text, quantity.count, quantity.unit) == ("100 tablets of 5 mg", 100, "tablet")
    assert quantity.strength == mg("5")
    assert (prescription.follows, prescription.egfr) == ("label", 45)
    assert prescription.patient == Patient(name="Ada Example", born=dt.date(1961, 4, 2))


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [("1 tablet", 1, "tablet"), ("30 capsules", 30, "capsule"), ("480.5 mL", Fraction("480.5"), "mL")],
)
def test_a_quantity_may_leave_the_strength_open(text: str, count: Fraction, unit: str) -> None:
    """Then it counts what is handed over."""
    quantity = StatedQuantity.parse(text)
    assert (quantity.count, quantity.unit, quantity.strength) == (count, unit, None)


@pytest.mark.parametrize(
    "text",
    ["100", "100 pills", "1/2 tablet", "0 tablets", "100 tablets of", "100 tablets of 5 mg/mL", "10 mL of 5 mg", ""],
)
def test_a_quantity_that_says_nothing_is_refused(text: str) -> None:
    """With the ways to write one."""
    with pytest.raises(ReadError, match="write"):
        StatedQuantity.parse(text)


def test_optional_parts_have_their_defaults() -> None:
    """No tolerance, the larger dose last, nobody named, no settings."""
    prescription = read(HEAD + STEP)
    assert prescription.tolerance == Tolerance()
    assert prescription.tolerance.of(mg("60")) == mg("0")
    assert prescription.larger_dose is None
    assert (prescription.patient, prescription.prescriber, prescription.indication) == (None, None, None)
    assert prescription.settings == ()


@pytest.mark.parametrize(
    ("text", "tolerance", "allowed"),
    [
        ("0 mg", Tolerance(mass=mg("0")), "0"),
        ("1 mg", Tolerance(mass=mg("1")), "1"),
        ("5 %", Tolerance(share=Fraction(1, 20)), "3"),
    ],
)
def test_a_tolerance_is_an_amount_or_a_percentage(text: str, tolerance: Tolerance, allowed: str) -> None:
    """A percentage is of the target."""
    prescription = read(HEAD + f'tolerance = "{text}"\n' + STEP)
    assert prescription.tolerance == tolerance
    assert prescription.tolerance.of(mg("60")) == mg(allowed)


@pytest.mark.parametrize(
    ("reduce", "reduction", "is_by_amounts"),
    [
        ("10 %", Reduction(share=Fraction(1, 10)), False),
        ("10 % of start", Reduction(share=Fraction(1, 10), of_start=True), True),
        ("5 mg", Reduction(amount=mg("5")), True),
    ],
)
def test_a_taper_reduces_by_a_share_or_an_amount(reduce: str, reduction: Reduction, is_by_amounts: bool) -> None:
    """A share of the current dose or of the first one; where it ends need not be stated."""
    rule = read(HEAD + TAPER.replace("10 %", reduce).replace('last = "4.5 mg"\n', "")).taper
    assert rule == TaperRule(start=mg("60"), phases=(Phase(reduction=reduction, every=14, grid=mg("0.5")),))
    assert rule.phases[0].is_by_amounts is is_by_amounts
    assert rule.phases[0].end is None


def test_the_phases_of_a_taper() -> None:
    """Two of the three keys of pace, where each ends, how it is rounded."""
    rule = read(HEAD + PHASES).taper
    assert rule == TaperRule(
        start=mg("80"),
        phases=(
            Phase(reduction=Reduction(amount=mg("5")), every=7, to=mg("40"), hold=14),
            Phase(
                reduction=Reduction(share=Fraction(1, 10)),
                every=14,
                last=mg("4.5"),
                round_within=Fraction(1, 25),
                grid=mg("0.5"),
            ),
        ),
    )
    assert [phase.end for phase in rule.phases] == [mg("40"), mg("4.5")]
    over = read(HEAD + PHASES.replace('reduce = "5 mg"', 'over = "9 weeks"')).taper
    assert over is not None
    assert (over.phases[0].reduction, over.phases[0].over, over.phases[0].is_by_amounts) == (None, 63, True)


# what is changed in `PHASES`, into what, the key at fault, its line there, a part of what is found or of the remedy
PHASE_FAULTS = [
    ('from = "80 mg"\n', "", "taper[0].from", 8, 'add "from"'),
    ("[[taper]]\nreduce", '[[taper]]\nfrom = "40 mg"\nreduce', "taper[1].from", 16, "remove it"),
    ('"10 %"', '"20 % to 10 %"', "taper[1].reduce", 16, "write the smaller end first"),
    ('"2 weeks"\nlast', '"4 to 2 weeks"\nlast', "taper[1].every", 17, "write the smaller end first"),
    ('"10 %"', '"10 % of the start"', "taper[1].reduce", 16, '"10 % of start"'),
    ('"10 %"', '"10 Mg"', "taper[1].reduce", 16, 'as "mg"'),
    ('"5 mg"', '"0 mg"', "taper[0].reduce", 10, "nothing of the dose"),
    ('"5 mg"', '"80 mg"', "taper[0].reduce", 10, "all of the dose"),
    ('"10 %"', '"100 %"', "taper[1].reduce", 16, "all of the dose"),
    ('"10 %"', '"100 % of start"', "taper[1].reduce", 16, "all of the dose"),
    ('"10 %"', '"40 mg"', "taper[1].reduce", 16, "all of the dose"),
    ('reduce = "5 mg"\n', "", "taper[0].reduce", 8, '"over" in its place'),
    ('every = "1 week"\n', "", "taper[0].every", 8, '"over" in its place'),
    ('every = "1 week"', 'every = "1 week"\nover = "9 weeks"', "taper[0].over", 12, "in place of one of them"),
    ('reduce = "5 mg"\nevery = "1 week"', 'over = "9 weeks"', "taper[0]", 8, "neither reduce nor every"),
    ('reduce = "5 mg"', 'over = "10 days"', "taper[0].over", 10, "for steps of 7 days write whole steps, 7 days or 14"),
    ('reduce = "5 mg"', 'over = "6 days"', "taper[0].over", 10, "write whole steps, 7 days"),
    ('reduce = "5 mg"', 'over = "1 week"', "taper[0].over", 10, "no lower dose"),
    ('reduce = "5 mg"', 'over = "0 days"', "taper[0].over", 10, "at least one day"),
    ('"40 mg"', '"81 mg"', "taper[0].to", 12, "write at most the first dose, 80 mg"),
    ('"4.5 mg"', '"40 mg"', "taper[1].last", 18, "write less than the dose after which the phase begins, 40 mg"),
    ('last = "4.5 mg"', 'to = "41 mg"', "taper[1].to", 18, "write less than"),
    ('to = "40 mg"\nhold = "2 weeks"\n', "", "taper[0].to", 8, "the dose after which the next phase begins"),
    ('to = "40 mg"', 'last = "40 mg"', "taper[0].last", 12, 'write it as "to"'),
    ('last = "4.5 mg"', 'last = "4.5 mg"\nto = "5 mg"', "taper[1].last", 18, "write one of them"),
    ('last = "4.5 mg"', 'hold = "1 week"', "taper[1].hold", 18, "add the dose that is held"),
    ('"tablets"', '"grid"\nunder = 1', "taper[1].under", 20, "an unknown key"),
    ('"tablets"\nround_within = "4 %"\ngrid = "0.5 mg"', '"grid"', "taper[1].grid", 15, 'add "grid"'),
    ('"tablets"', '"pieces"', "taper[1].round", 19, '"tablets", "grid"'),
    ('"4 %"', '"101 %"', "taper[1].round_within", 20, "at most 100 %"),
    ('"0.5 mg"', '"0 mg"', "taper[1].grid", 21, "above zero"),
]


@pytest.mark.parametrize(("good", "bad", "where", "line", "words"), PHASE_FAULTS)
def test_each_fault_of_a_phase(good: str, bad: str, where: str, line: int, words: str) -> None:
    """One thing wrong gives one fault at its key and line, which says what was found and how to mend it."""
    assert good in PHASES
    with pytest.raises(InputError) as caught:
        read(HEAD + PHASES.replace(good, bad, 1))
    (fault,) = caught.value.faults
    assert (fault.key, fault.line) == (where, line)
    assert words in f"{fault.found} {fault.remedy}"


def test_the_faults_of_all_phases_are_reported_together() -> None:
    """A value that can't be read hides no other fault, and no fault is told twice."""
    text = PHASES.replace('"80 mg"', '"80"').replace('"1 week"', '"soon"').replace('"4.5 mg"', '"41 mg"')
    text = text.replace('"tablets"', '"grid"').replace("grid = ", "gird = ")
    assert sorted(key for key, _, _ in faults_of(HEAD + text)) == [
        "taper[0].every",
        "taper[0].from",
        "taper[1].gird",
        "taper[1].grid",
        "taper[1].last",
    ]


def test_how_many_phases_a_taper_may_have() -> None:
    """At most 20, each lower than the one before, and one at least."""
    phases = [f'[[taper]]\nreduce = "1 mg"\nevery = "1 day"\nto = "{70 - n} mg"\n' for n in range(21)]
    phases[0] += 'from = "71 mg"\n'
    assert faults_of(HEAD + "".join(phases)) == [("taper", "21 phases", "write 1 to 20")]
    rule = read(HEAD + "".join(phases[:20])).taper
    assert rule is not None
    assert len(rule.phases) == 20
    assert faults_of("taper = []\n" + HEAD) == [("taper", "0 phases", "write 1 to 20")]
    assert [key for key, _, _ in faults_of("taper = 5\n" + HEAD)] == ["taper"]


# what is changed in a good file, into what, the key at fault, a part of what is found or of the remedy
FAULTS = [
    ('number = "RX-1"', "number = 1", "prescription.number", "in quotes"),
    ('number = "RX-1"', 'number = ""', "prescription.number", "an empty text"),
    ("2026-12-01", "2026-12-01T00:00:00", "prescription.start", "without a time"),
    ("2026-12-01", "0001-01-01", "prescription.start", "a year from 1900"),
    ("2026-12-01", "9999-12-31", "prescription.start", "a year from 1900"),
    ('"14:00"', '"08:00"', "prescription.times", "each time once"),
    ('"14:00"', '"21:00"', "prescription.times", "in the order of the day"),
    ('"20:00"', '"06:00"', "prescription.times", "last may come those after midnight, before 06:00"),
    ('"14:00"', '"01:00"', "prescription.times", "in the order of the day"),
    ('"14:00"', '"14:60"', "prescription.times[1]", '"08:00"'),
    ('["08:00", "14:00", "20:00"]', "[]", "prescription.times", "1 to 6 times"),
    ('["08:00", "14:00", "20:00"]', '"08:00"', "prescription.times", "a list"),
    (
        '["08:00", "14:00", "20:00"]',
        '["01:00", "02:00", "03:00", "04:00", "05:00", "06:00", "07:00"]',
        "prescription.times",
        "7 times",
    ),
    ("[[step]]", 'tolerance = "5"\n[[step]]', "prescription.tolerance", "add the unit"),
    ("[[step]]", 'tolerance = "-1 mg"\n[[step]]', "prescription.tolerance", "without a sign"),
    ("[[step]]", 'larger_dose = "middle"\n[[step]]', "prescription.larger_dose", '"first", "last"'),
    ('"60 mg"', '"60"', "step[0].daily", "add the unit"),
    ('"60 mg"', "60", "step[0].daily", "in quotes"),
    ('"60 mg"', '"-60 mg"', "step[0].daily", "without a sign"),
    ('"60 mg"', '"0 mg"', "step", "no dose above zero"),
    ('"2 weeks"', '"0 days"', "step[0].for", "at least one day"),
    ('"2 weeks"', '"600 weeks"', "step[0].for", "at most 3660 days"),
    ("[[step]]", '[[step]]\ndaily = "1 mg"\nfor = "3650 days"\n[[step]]', "step", "3664 days in all"),
    ('daily = "60 mg"\n', "", "step[0]", "neither daily nor doses"),
    ('daily = "60 mg"', 'daily = "60 mg"\ndoses = ["20 mg", "20 mg", "20 mg"]', "step[0]", "both daily and doses"),
    ('daily = "60 mg"', 'doses = ["20 mg", "20 mg"]', "step[0].doses", "each of the 3 times"),
    ('daily = "60 mg"', 'doses = ["20 mg", "20 mg", "20 Mg"]', "step[0].doses[2]", '"20 Mg"'),
    ('daily = "60 mg"', 'daily = "60 mg"\nrange = ["70 mg", "50 mg"]', "step[0].range", "smaller dose first"),
    ('daily = "60 mg"', 'daily = "60 mg"\nuntil = 1', "step[0].until", "an unknown key"),
    (STEP, "", "step", "neither [taper] nor [[step]]"),
    (STEP, STEP + TAPER, "step", "both [taper] and [[step]]"),
    (STEP, STEP.replace("2 weeks", "1 day") * 1001, "step", "1001 steps"),
    (STEP, TAPER.replace("10 %", "0 %"), "taper.reduce", "a part of it"),
    (STEP, TAPER.replace("10 %", "100 %"), "taper.reduce", "a part of it"),
    (STEP, TAPER.replace("10 %", "0 mg"), "taper.reduce", "a part of it"),
    (STEP, TAPER.replace("0.5 mg", "0 mg"), "taper.grid", "above zero"),
    (STEP, TAPER.replace("4.5 mg", "61 mg"), "taper.last", "at most the first dose"),
    (STEP, TAPER.replace("10 %", "60 mg"), "taper.reduce", "a part of it"),
    (STEP, TAPER.replace('every = "2 weeks"\n', ""), "taper.every", "nothing"),
    (STEP, STEP + "[patient]\nname = 'A'\nborn = 2026-12-02\n", "patient.born", "before the prescription's start"),
    (STEP, STEP + "[patient]\nname = 'A'\nborn = 1900-12-31\n", "patient.born", "126 years before the start"),
    (STEP, STEP + "[patient]\nborn = 1961-04-02\n", "patient.name", "nothing"),
    (STEP, STEP + "[prescriber]\nname = 'A'\nfax = '1'\n", "prescriber.fax", "an unknown key"),
    (STEP, STEP + '[policy]\nsplit = "thirds"\n', "policy.split", '"quarters"'),
    (STEP, STEP + "[policy]\nmax_pieces = 0\n", "policy.max_pieces", "from 1 to 20"),
    (STEP, STEP + '[policy]\nmin_volume = "21 mL"\nmax_volume = "20 mL"\n', "policy.min_volume", "at most max_volume"),
    (STEP, STEP + "[policy]\nsyringes = []\n", "policy.syringes", "no syringe"),
    (STEP, STEP + '[policy]\nsyringes = ["1 mL by 0.1 mL", "1 mL by 0.1 mL"]\n', "policy.syringes", "once"),
    (STEP, STEP + "[policy]\nsplit_burden = 0.1\n", "policy.split_burden", 'in quotes: "0.1"'),
    (STEP, STEP + "[extra]\na = 1\n", "extra", "an unknown key"),
    ("[[step]]", "[step]", "step", "[[step]]"),
]


@pytest.mark.parametrize(("good", "bad", "where", "words"), FAULTS)
def test_each_fault_of_a_prescription(good: str, bad: str, where: str, words: str) -> None:
    """One thing wrong gives one fault at its key, which says what was found and how to mend it."""
    assert good in HEAD + STEP
    ((key, found, remedy),) = faults_of((HEAD + STEP).replace(good, bad, 1))
    assert key == where
    assert words in f"{found} {remedy}"


def test_all_faults_of_a_file_are_reported_together() -> None:
    """Those of form and those of meaning, in every table, in one error."""
    text = (
        HEAD.replace('"14:00"', '"07:00"')
        + 'colour = "red"\n[patient]\nname = 5\n[policy]\nmax_pieces = "x"\nmin_volume = "1 ml"\n'
        + STEP.replace("60 mg", "60 Mg")
        + '[[step]]\ndoses = ["1 mg"]\nfor = "soon"\n'
        + '[[step]]\ndoses = ["1 mg"]\nfor = "1 day"\n[extra]\n'
    )
    text = text.replace('colour = "red"\n', "").replace("[extra]", "[extra]\na = 1")
    assert [key for key, _, _ in faults_of(text)] == [
        "prescription.times",
        "patient.name",
        "policy.max_pieces",
        "policy.min_volume",
        "step[0].daily",
        "step[1].for",
        "step[1].doses",
        "step[2].doses",
        "extra",
    ]


def test_what_values_mean_together_is_checked_beside_other_faults() -> None:
    """A bad number hides neither the times' order, nor the count of doses, nor the limits of a taper."""
    text = (
        HEAD.replace('number = "', "number = 5 # ").replace('"14:00"', '"07:00"').replace("2026-12-01", "1950-12-01")
        + "[patient]\nborn = 1961-04-02\n"
        + TAPER.replace("2 weeks", "soon").replace("10 %", "100 %").replace("4.5 mg", "61 mg")
        + '[[step]]\ndaily = "1 Mg"\ndoses = ["1 mg"]\nfor = "soon"\n'
    )
    assert sorted(key for key, _, _ in faults_of(text)) == [
        "patient.born",
        "patient.name",
        "prescription.number",
        "prescription.times",
        "step",
        "step[0]",
        "step[0].daily",
        "step[0].doses",
        "step[0].for",
        "taper.every",
        "taper.last",
        "taper.reduce",
    ]


def test_a_volume_above_the_default_limit_is_left_to_the_pharmacy_s() -> None:
    """Only what the prescription itself states can contradict itself."""
    policy = in_force('[policy]\nmin_volume = "25 mL"\n', '[policy]\nmax_volume = "40 mL"\n')
    assert (policy.min_volume, policy.max_volume) == (Volume(Fraction(25)), Volume(Fraction(40)))


def test_nothing_but_what_is_there_is_reported() -> None:
    """An empty file lacks its prescription and its steps."""
    assert [(key, found) for key, found, _ in faults_of("")] == [
        ("prescription", "nothing"),
        ("step", "neither [taper] nor [[step]]"),
    ]


def test_how_a_pharmacy_compounds() -> None:
    """What it states is over the built-in settings, whose source no longer covers them; without a table they hold."""
    text = PHARMACY + '[compounding]\nevidence = "accepted"\nfirst_day = 0\nbalance_minimum = "50 mg"\n'
    stated = pharmacy_from_text(text, "pharmacy.toml").compounding
    assert stated == Compounding(
        evidence=Evidence.ACCEPTED,
        first_day=0,
        balance_readability=Mass(Fraction(1)),
        balance_minimum=Mass(Fraction(50)),
    )
    built_in = pharmacy_from_text(PHARMACY, "pharmacy.toml").compounding
    assert replace(built_in, source=None) == Compounding()
    assert built_in.source


def test_the_built_in_pharmacy_has_realistic_costs_and_says_where_they_come_from() -> None:
    """Every fee is above zero and carries a source; the policy is the default."""
    pharmacy = pharmacy_from_text("", "pharmacy.toml")
    costs = pharmacy.costs
    assert all((costs.item_fee, costs.split_fee, costs.batch_fee, costs.labour_rate))
    assert costs.source
    assert pharmacy.currency == "USD"
    assert pharmacy.policy == Policy()


def test_a_pharmacy_is_read() -> None:
    """What it states replaces the defaults; stated costs end the claim of the built-in source."""
    text = PHARMACY + '[costs]\nitem_fee = "1.5"\n[policy]\nvisit_interval = "4 weeks"\nsplit = "never"\n'
    pharmacy = pharmacy_from_text(text, "pharmacy.toml")
    built_in = pharmacy_from_text("", "pharmacy.toml")
    assert (pharmacy.name, pharmacy.licence) == ("Corner Pharmacy", "PH-2")
    assert pharmacy.costs == replace(built_in.costs, item_fee=Money(Fraction(3, 2)), source=None)
    assert pharmacy.policy == Policy(split=Split.NEVER)
    assert pharmacy.policy.split is Split.NEVER
    assert pharmacy.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_default_policy_is_the_documented_one() -> None:
    """The values that the file format promises."""
    text = """
[policy]
visit_interval = "28 days"
split = "scored"
max_pieces = 6
division = "path"
evenness = "40 %"
every_time = false
fine = "phase"
form_change = "21 days"
spare = "0 days"
liquids = "allow"
compounded = true
one_liquid = true
max_volume = "20 mL"
min_volume = "0.2 mL"
min_share = "5 %"
max_products = 0
exclude = []
syringes = ["1 mL by 0.02 mL", "3 mL by 0.1 mL", "5 mL by 0.2 mL", "10 mL by 0.2 mL"]
prefer = "cheapest"
"""
    assert pharmacy_from_text(text, "pharmacy.toml").policy == Policy()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (PHARMACY.replace('"USD"', '"$"'), ["pharmacy.currency"]),
        (PHARMACY.replace('phone = "555 0111"', ""), ["pharmacy.phone"]),
        ('[costs]\nitem_fee = "-1"\nbatch_fee = 1\nfee = "1"\n', ["costs.fee", "costs.item_fee", "costs.batch_fee"]),
        ("costs = 1", ["costs"]),
        ("compounding = 1", ["compounding"]),
        ('[compounding]\nevidence = "some"\nfirst_day = 2\n', ["compounding.evidence", "compounding.first_day"]),
        ('[compounding]\nbalance_minimum = "0 mg"\n', ["compounding.balance_minimum"]),
        ('[compounding]\nbalance_minimum = "0.5 mg"\n', ["compounding.balance_minimum"]),
        ('[compounding]\nbalance = "1 mg"\n', ["compounding.balance"]),
        ("pharmacy = 1", ["pharmacy"]),
        ('[policy]\nvisit_interval = "28"\nmin_volume = "30 mL"\n', ["policy.visit_interval"]),
        ('[policy]\nmin_volume = "30 mL"\n', ["policy.min_volume"]),
        ("[policies]\n", ["policies"]),
        (
            PHARMACY.replace("USD", "GBP") + '[costs]\nitem_fee = "1"\nlabour_rate = "1"\n',
            ["costs.split_fee", "costs.batch_fee"],
        ),
    ],
)
def test_faults_of_a_pharmacy(text: str, keys: list[str]) -> None:
    """Each with its key; costs in another currency than the built-in ones must all be stated."""
    with pytest.raises(InputError) as caught:
        pharmacy_from_text(text, "pharmacy.toml")
    assert [fault.key for fault in caught.value.faults] == keys


def test_the_users_own_pharmacy_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named file first, then that of the user's configuration directory, then the built-in one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert read_pharmacy().name == "Example Pharmacy"
    own = tmp_path / "splitter" / "pharmacy.toml"
    own.parent.mkdir()
    own.write_text(PHARMACY, encoding="utf-8")
    assert read_pharmacy().name == "Corner Pharmacy"
    other = tmp_path / "other.toml"
    other.write_text(PHARMACY.replace("Corner", "Other"), encoding="utf-8")
    assert read_pharmacy(other).name == "Other Pharmacy"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/path")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    assert read_pharmacy().name == "Example Pharmacy"


def in_force(prescription: str, pharmacy: str = "", drug: Mass | None = None, *, controlled: bool = False) -> Policy:
    house: Pharmacy = pharmacy_from_text(pharmacy, "pharmacy.toml")
    return policy_in_force(read(HEAD + STEP + prescription), house, drug, controlled=controlled)


def test_the_prescription_s_settings_replace_the_pharmacy_s() -> None:
    """Only those that it states; `exclude` adds, each product once."""
    policy = in_force(
        '[policy]\nmax_pieces = 2\nexclude = ["b", "c"]\n',
        '[policy]\nmax_pieces = 6\nliquids = "never"\nexclude = ["a", "b"]\n',
    )
    assert policy.max_pieces == 2
    assert policy.liquids is Liquids.NEVER
    assert policy.exclude == ("a", "b", "c")


def test_a_setting_that_states_the_default_replaces_too() -> None:
    """What is written counts, even where it is the program's default."""
    assert in_force("[policy]\nmax_pieces = 4\n", "[policy]\nmax_pieces = 6\n").max_pieces == 4


@pytest.mark.parametrize(
    ("prescription", "pharmacy", "drug", "limit"),
    [("1 mg", "2 mg", "3 mg", "1"), (None, "2 mg", "3 mg", "2"), (None, None, "3 mg", "3"), (None, None, None, None)],
)
def test_the_limit_on_uneven_doses(
    prescription: str | None, pharmacy: str | None, drug: str | None, limit: str | None
) -> None:
    """The prescription's, else the pharmacy's, else the drug's, else none."""
    stated = [f'[policy]\nmax_imbalance = "{text}"\n' if text else "" for text in (prescription, pharmacy)]
    policy = in_force(stated[0], stated[1], mg(drug.split()[0]) if drug else None)
    assert policy.max_imbalance == (mg(limit) if limit else None)


@pytest.mark.parametrize(
    ("prescription", "pharmacy", "burdens"),
    [
        ("", "", ("0", "0", "0")),
        ('prefer = "simple"', "", ("0.2", "0.1", "0.25")),
        ("", 'prefer = "simple"', ("0.2", "0.1", "0.25")),
        ('prefer = "cheapest"', 'prefer = "simple"', ("0", "0", "0")),
        ('prefer = "simple"', 'piece_burden = "0.5"', ("0.2", "0.5", "0.25")),
        ('split_burden = "0"', 'prefer = "simple"\nsplit_burden = "1"', ("0", "0.1", "0.25")),
    ],
)
def test_burdens(prescription: str, pharmacy: str, burdens: tuple[str, str, str]) -> None:
    """`prefer` sets them; one that is stated by either wins over both values of `prefer`."""
    policy = in_force(f"[policy]\n{prescription}\n", f"[policy]\n{pharmacy}\n")
    money = (policy.split_burden, policy.piece_burden, policy.measure_burden)
    assert money == tuple(Money(Fraction(text)) for text in burdens)
    assert policy.prefer in Prefer


def test_settings_that_contradict_the_pharmacy_s_are_refused() -> None:
    """Each file is sound by itself; together the smallest volume is above the largest."""
    with pytest.raises(
        InputError, match=r"prescription RX-1: policy\.min_volume: found 5 mL; write at most max_volume"
    ):
        in_force('[policy]\nmin_volume = "5 mL"\n', '[policy]\nmax_volume = "4 mL"\n')


def test_a_syringe_keeps_the_policy_s_own_words() -> None:
    """Plans and sheets quote the text; the optimiser uses the volumes."""
    (syringe,) = in_force('[policy]\nsyringes = ["0.5 mL by 0.01 mL"]\n').syringes
    assert syringe == Syringe(
        text="0.5 mL by 0.01 mL", capacity=Volume(Fraction(1, 2)), graduation=Volume(Fraction(1, 100))
    )
