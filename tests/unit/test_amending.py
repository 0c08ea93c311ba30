"""A taper changed under way: the steps that remain, what is at home, which papers are void, the chain of them all."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitter.cli import main
from splitter.formulary import load_formulary
from splitter.plan import Plan, Status, plan_from_json
from splitter.prescription import AtHome, Step, read_pharmacy, read_prescription
from splitter.quantity import Mass, Volume
from splitter.service import plan, verify_plan
from splitter.service.amending.remains import handed_over, remains
from splitter.taper import Change, Way, changed, rounder_for

PHARMACY, BACLOFEN = read_pharmacy(), load_formulary("baclofen")
RX = """# what was ordered at first
[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "20:00"]

[patient]
name = "Ada Example"

[prescriber]
name = "Dr Example"

[policy]
spare = "0 days"
compounded_strengths = 0

[[step]]
daily = "40 mg"
for = "2 weeks"

[[step]]
daily = "30 mg"
for = "2 weeks"

[[step]]
daily = "20 mg"
for = "2 weeks"

[[step]]
daily = "14 mg"
for = "4 weeks"
"""
TABLET = "baclofen-10mg-tablet"
STEPS = tuple(Step(days=14, target=Mass(Fraction(mg))) for mg in (40, 30, 20, 14))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (Change(way=Way.HOLD, days=14), [(30, 25), (20, 14), (14, 14)]),
        (Change(way=Way.SLOWER, factor=Fraction(3, 2)), [(30, 17), (20, 21), (14, 21)]),
        (Change(way=Way.HALF), [(30, 11), (25, 14), (20, 14), (17, 14), (14, 14), (7, 14)]),
        (Change(way=Way.BACK), [(40, 14), (30, 14), (20, 14), (14, 14)]),
        (Change(way=Way.STOP), [(30, 39)]),
        (Change(way=Way.STEPS, steps=STEPS[:1]), [(40, 14)]),
    ],
    ids=lambda value: value.way.value if isinstance(value, Change) else "",
)
def test_what_remains_of_the_steps(change: Change, left: list[tuple[int, int]]) -> None:
    """From the fourth day of the second step on; doses half-way are such as products give."""
    rounder = rounder_for(read_prescription("rx.toml", RX), STEPS[0].target, PHARMACY, BACLOFEN)
    made = changed(STEPS, 17, change, rounder, (False, False, False, True))
    assert [(step.target.value, step.days) for step in made] == left


def test_before_the_first_step_there_is_none_to_go_back_to() -> None:
    """Then the first is begun anew."""
    rounder = rounder_for(read_prescription("rx.toml", RX), STEPS[0].target, PHARMACY, BACLOFEN)
    assert changed(STEPS, 3, Change(way=Way.BACK), rounder, (False,) * 4)[0] == STEPS[0]


def first_plan() -> Plan:
    return plan(read_prescription("rx.toml", RX), PHARMACY, BACLOFEN)


@pytest.mark.parametrize(
    ("on", "home"),
    [
        (dt.date(2026, 12, 2), AtHome(product=TABLET, units=80, halves=28)),
        (dt.date(2026, 12, 16), AtHome(product=TABLET, units=26, halves=26)),
        (dt.date(2026, 12, 29), None),
        (dt.date(2027, 1, 1), AtHome(product=TABLET, units=22)),
    ],
)
def test_tablets_that_are_left_by_the_plan_as_taken(on: dt.date, home: AtHome | None) -> None:
    """98 handed over on Dec 1: 84 whole and 28 halves; 4 a day, then 2 and 2 halves; 28 more on Dec 29, 2 a day."""
    found = {each.product: each for each in remains(first_plan(), on)}
    assert found.get(TABLET) == home


def test_the_lot_in_service_is_left_with_its_last_day() -> None:
    """What was made on the visit, less what was drawn with the losses that its overage allows for."""
    made = first_plan()
    liquid = next(product for product in made.products if product.concentration_mg_per_mL is not None)
    item = next(item for item in made.items if item.product == liquid.id)
    on = dt.date(2027, 1, 20)
    (home,) = (home for home in remains(made, on) if home.product == liquid.id)
    step = next(step for step in made.steps if step.form == "fine")
    drawn = sum(given.measure.mL for given in step.administrations if given.measure) * (on - step.start).days
    assert liquid.overage is not None
    assert home.volume == Volume((item.quantity - drawn * (1 + liquid.overage)) * 100 // 1 / Fraction(100))
    assert home.use_by == item.discard_after


@pytest.mark.parametrize("day", range(1, 70, 3))
def test_no_more_is_left_than_was_handed_over_and_not_taken(day: int) -> None:
    """On every day, of every product; and what is left, planned on as ordered, makes the same doses."""
    made = first_plan()
    on = made.prescription.start + dt.timedelta(days=day)
    for home in remains(made, on):
        left = home.units + sum(size * count for size, count in home.fragments) + home.volume.value
        taken = Fraction(0)
        for number in range(day):
            today = made.prescription.start + dt.timedelta(days=number)
            step = next(step for step in made.steps if step.start <= today <= step.last)
            for given in step.administrations:
                taken += sum(take.count * take.fraction for take in given.take if take.product == home.product)
                if given.measure is not None and given.measure.product == home.product:
                    taken += given.measure.mL
        assert 0 < left <= handed_over(made, home.product, on) - taken


class Papers:
    """The commands in a directory of their own, where the first plan is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "rx.toml").write_text(RX, encoding="utf-8")
        assert self.run("fill", "rx.toml", "-o", "fill")[0] == 0

    def run(self, *arguments: str) -> tuple[int, str]:
        command, *others = arguments
        named = [str(self.folder / each) if each.endswith((".toml", ".json", "fill")) else each for each in others]
        done = CliRunner().invoke(main, [command, *named])
        return done.exit_code, done.output

    def amend(self, *options: str, of: tuple[str, str] = ("fill/plan.json", "rx.toml")) -> tuple[int, str]:
        return self.run("amend", *of, *options, "--reason", "spasms", "--by", "Dr Example")

    def plan(self, name: str) -> Plan:
        return plan_from_json((self.folder / name).read_text(encoding="utf-8"), name)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


def test_a_taper_that_is_held(papers: Papers) -> None:
    """The new files name those that they replace; home is used first; the doses follow; the second check agrees."""
    code, said = papers.amend("--on", "2026-12-16", "--hold", "2 weeks")
    assert code == 0
    assert "held 2 weeks longer" in said
    assert "Use first what is at home: 26 whole and 26 halves" in said
    made = papers.plan("fill/amendment-1/plan.json")
    assert [(step.target_mg, step.days) for step in made.steps] == [(30, 27), (20, 14), (14, 28)]
    order = read_prescription(papers.folder / "fill/amendment-1/rx.toml")
    assert order.amendment is not None
    assert (order.amendment.number, order.amendment.by) == (1, "Dr Example")
    assert order.settings == (("spare", 0), ("compounded_strengths", 0))
    assert verify_plan(made, order, PHARMACY, BACLOFEN).agrees
    assert made.status is Status.OPTIMAL
    for name in ("labels.pdf", "sheets.pdf"):
        assert (papers.folder / "fill/amendment-1" / name).read_bytes().startswith(b"%PDF")


def test_a_quantity_of_the_whole_taper_is_not_that_of_the_rest(tmp_path: Path) -> None:
    """It would contradict the steps that remain, and stop their plan."""
    (tmp_path / "rx.toml").write_text(
        RX.replace("start =", 'quantity = "200 tablets of 10 mg"\nstart ='), encoding="utf-8"
    )
    run = CliRunner().invoke
    assert run(main, ["plan", str(tmp_path / "rx.toml"), "-o", str(tmp_path / "plan.json")]).output
    told = [
        "--on",
        "2026-12-16",
        "--hold",
        "1 week",
        "--reason",
        "x",
        "--by",
        "Dr Example",
        "-o",
        str(tmp_path / "new"),
    ]
    run(main, ["amend", str(tmp_path / "plan.json"), str(tmp_path / "rx.toml"), *told])
    assert read_prescription(tmp_path / "new" / "rx.toml").quantity is None


def test_a_label_stays_right_only_where_every_day_left_of_it_does(papers: Papers) -> None:
    """Held from the last day of a visit's tablets on, these serve as their label says; slowed before, they don't."""
    assert "Labels that stay right: RX-1-261201-1" in papers.amend("--on", "2026-12-28", "--hold", "1 week")[1]
    other = papers.amend("--on", "2026-12-16", "--hold", "1 week", "-o", str(papers.folder / "other"))[1]
    assert "already" in other


def test_counted_at_home_takes_the_place_of_what_the_plan_leaves(papers: Papers) -> None:
    """Fewer or more, but never more than was handed over; what is unknown is refused."""
    told = ("--on", "2026-12-16", "--hold", "1 week", "--at-home")
    assert "ever handed over" in papers.amend(*told, f"{TABLET}=99")[1]
    assert "name a product of the plan" in papers.amend(*told, "aspirin=1")[1]
    assert papers.amend(*told, f"{TABLET}=13, one half")[0] == 2
    code, said = papers.amend(*told, f"{TABLET}=13, 1 half")
    assert code == 0
    assert "13 whole and 1 half" in said


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--on", "2026-11-30", "--stop"), "outside the plan"),
        (("--on", "2026-12-01", "--stop"), "outside the plan"),
        (("--on", "2027-02-09", "--stop"), "outside the plan"),
        (("--on", "soon", "--stop"), "2027-02-02"),
        (("--on", "2026-12-16"), "exactly one of"),
        (("--on", "2026-12-16", "--stop", "--back"), "exactly one of"),
        (("--on", "2026-12-16", "--slower", "x0.5"), "x1.5"),
        (("--on", "2026-12-16", "--hold", "long"), "--hold"),
    ],
)
def test_what_cannot_be_is_refused(papers: Papers, options: tuple[str, ...], word: str) -> None:
    """With how to mend it, and nothing is written."""
    code, said = papers.amend(*options)
    assert code == 2
    assert word in said
    assert not (papers.folder / "fill/amendment-1").exists()


def test_the_prescription_must_be_the_plan_s(papers: Papers) -> None:
    """One that was edited since is another."""
    (papers.folder / "rx.toml").write_text(f"{RX}\n# later\n", encoding="utf-8")
    code, said = papers.amend("--on", "2026-12-16", "--stop")
    assert code == 2
    assert "another prescription than the plan's" in said


def test_new_steps_from_a_file(papers: Papers) -> None:
    """A file of steps alone; one with anything else is refused."""
    (papers.folder / "new.toml").write_text('[[step]]\ndaily = "30 mg"\nfor = "3 weeks"\n', encoding="utf-8")
    assert papers.amend("--on", "2026-12-16", "--steps", str(papers.folder / "new.toml"))[0] == 0
    made = papers.plan("fill/amendment-1/plan.json")
    assert [(step.target_mg, step.days) for step in made.steps] == [(30, 21)]
    assert papers.amend("--on", "2026-12-16", "--steps", str(papers.folder / "rx.toml"))[0] == 2


def test_a_chain_is_verified_back_to_the_first(papers: Papers) -> None:
    """Three amendments; without the first, with a link left out or a file edited it doesn't hold."""
    one, two = "fill/amendment-1", "fill/amendment-1/amendment-2"
    assert papers.amend("--on", "2026-12-16", "--hold", "2 weeks")[0] == 0
    of_one, of_two = ((f"{each}/plan.json", f"{each}/rx.toml") for each in (one, two))
    assert papers.amend("--on", "2027-01-05", "--slower", "half", of=of_one)[0] == 0
    assert papers.amend("--on", "2027-01-20", "--back", of=of_two)[0] == 0
    last = tuple(f"{two}/amendment-3/{name}" for name in ("plan.json", "rx.toml"))
    first = ("fill/plan.json", "rx.toml")
    every = ("--before", *first, "--before", *of_one, "--before", *of_two)
    assert papers.run("verify", *last, *every) == (0, "agrees\n")
    assert "is not named" in papers.run("verify", *last, "--before", *of_one, "--before", *of_two)[1]
    assert "number 3 comes after number 0" in papers.run("verify", *last, "--before", *first)[1]
    assert "was amended already" in papers.amend("--on", "2026-12-20", "--stop")[1]


def test_the_patient_s_summary_says_that_it_was_changed(papers: Papers) -> None:
    """And what at home comes first."""
    from splitter.wording.at_home import amendment_words

    papers.amend("--on", "2026-12-16", "--hold", "2 weeks")
    made = papers.plan("fill/amendment-1/plan.json")
    assert amendment_words(made).startswith("Changed from Dec 16, 2026 on: held 2 weeks longer.")
    assert amendment_words(papers.plan("fill/plan.json")) == ""
