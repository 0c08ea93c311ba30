"""The closed form of the precision model, against a simulation of tablets, cuts, draws and batches, and against the
published studies that its facts come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest

from splitter.formulary import Product, built_in_accuracy, quantile
from splitter.plan import Administration, Measure, PlannedStep, Status, Take
from splitter.precision import Day, change_between, day_of, precision_of, unresolved
from splitter.precision.pieces import Broken
from splitter.prescription import Cutting, Policy
from splitter.quantity import Mass
from tests.unit.plans import BOTTLED, CAPSULE, FIVE, FORMULARY, MIXTURE, START, TEN, THIRTY, lots

Floats = npt.NDArray[np.float64]

QUARTERED = replace(TEN, id="quartered", pieces=4)
UNSCORED = replace(TEN, id="unscored", pieces=1)
STOCK = {each.id: each for each in (TEN, FIVE, THIRTY, CAPSULE, MIXTURE, BOTTLED, QUARTERED, UNSCORED)}
ACCURACY = built_in_accuracy()
RUNS, DAYS = 20_000, 12

Taken = tuple[tuple[str, str, int], ...]
Measured = tuple[tuple[str, str, str], ...]


def _step(taken: Taken, measured: Measured = ()) -> PlannedStep:
    """A day of these (product, fraction, count) and (product, volume [mL], syringe)."""
    takes = tuple(Take(product=product, fraction=Fraction(part), count=count) for product, part, count in taken)
    given = [Administration(time=dt.time(8), dose_mg=Fraction(1), take=takes, measure=None)] if takes else []
    for hour, (product, volume, syringe) in enumerate(measured, 9):
        measure = Measure(product=product, mL=Fraction(volume), syringe=syringe)
        given.append(Administration(time=dt.time(hour), dose_mg=Fraction(1), take=(), measure=measure))
    total = sum((take.count * take.fraction * _strength(take.product) for take in takes), Fraction(0))
    total += sum((Fraction(volume) * _concentration(product) for product, volume, _ in measured), Fraction(0))
    return PlannedStep(start=START, days=14, target_mg=total, delivered_mg=total, administrations=tuple(given))


def _strength(product: str) -> Fraction:
    strength = STOCK[product].strength
    assert strength is not None
    return strength.value


def _concentration(product: str) -> Fraction:
    concentration = STOCK[product].concentration
    assert concentration is not None
    return concentration.value


class _Simulation:
    """Days as they come: each tablet is made, broken and used in turn, each volume drawn, each batch compounded."""

    def __init__(self, seed: int, method: Cutting = Cutting.SPLITTER) -> None:
        self.random = np.random.default_rng(seed)
        self.method = method

    def days(self, taken: Taken, measured: Measured = (), contents: dict[str, Floats] | None = None) -> Floats:
        """[runs, days] what each day delivers [mg]; `contents` [runs] of what is made, where another day shares it."""
        contents = {} if contents is None else contents
        total = np.zeros((RUNS, DAYS))
        for product, part, count in taken:
            given = self._pieces(STOCK[product], Fraction(part).denominator, count)
            total += given * self._content(product, contents) if STOCK[product].is_compounded else given
        for product, volume, syringe in measured:
            drawn = self._drawn(float(Fraction(volume)), float(Fraction(syringe.split()[0])))
            total += drawn * float(_concentration(product)) * self._content(product, contents)
        return total

    def _content(self, product: str, contents: dict[str, Floats]) -> Floats:
        if product not in contents:
            contents[product] = self.random.uniform(0.9, 1.1, (RUNS, 1))
        return contents[product]

    def _drawn(self, volume: float, capacity: float) -> Floats:
        """One draw within ISO 7886-1's limits, for syringes of 1 mL and of 5 mL and more."""
        small = volume < capacity / 2
        share, large = (0.02, 0.05) if capacity < 5 else (0.01, 0.04)
        limit = 0.015 * capacity + share * volume if small else large * volume
        return volume + self.random.uniform(-limit, limit, (RUNS, DAYS))

    def _pieces(self, product: Product, parts: int, count: int) -> Floats:
        strength = float(_strength(product.id))
        if product.is_compounded:
            return self.random.uniform(0.9 * strength, 1.1 * strength, (RUNS, DAYS, count)).sum(axis=2)
        tablets = -(-DAYS * count // parts)
        held = self.random.normal(strength, 0.021 * strength, (RUNS, tablets))
        pieces = held[:, :, None] if parts == 1 else self._broken(held, product, parts)
        return pieces.reshape(RUNS, -1)[:, : DAYS * count].reshape(RUNS, DAYS, count).sum(axis=2)

    def _broken(self, held: Floats, product: Product, parts: int) -> Floats:
        """[runs, tablets, parts] the parts of each tablet in the order of use."""
        strength, shape = float(_strength(product.id)), held.shape
        if parts == 3:
            off = self._cut(True) * strength / 2
            one, other = self.random.normal(0, off, shape), self.random.normal(0, off, shape)
            third = held / 3 * 0.995**2
            return np.stack([third + one, third - one + other, third - other], axis=2)
        crumbs = 0.995 if parts == 2 else 0.995**2
        off = self.random.normal(0, self._cut(product.pieces in (2, 4)) * strength / 2, shape)
        halves = [held / 2 * crumbs + off, held / 2 * crumbs - off]
        if parts == 2:
            return np.stack(halves, axis=2)
        again = self._cut(product.pieces == 4) * strength / 4
        offs = [self.random.normal(0, again, shape) for _ in halves]
        quarters = [half / 2 + way * off for half, off in zip(halves, offs, strict=True) for way in (1, -1)]
        return np.stack(quarters, axis=2)

    def _cut(self, scored: bool) -> float:
        """The error of a cut, beside the content's."""
        shares = {
            Cutting.SPLITTER: (0.06, 0.116),
            Cutting.HAND: (0.093, 0.126),
            Cutting.KNIFE: (0.23, 0.23),
        }
        return sqrt(shares[self.method][not scored] ** 2 - 0.021**2)


DAY_CASES: dict[str, tuple[Taken, Measured]] = {
    "whole tablets": ((("ten", "1", 3), ("five", "1", 1)), ()),
    "one half a day: the two of a tablet on two days": ((("ten", "1/2", 1),), ()),
    "both halves of a tablet on one day": ((("ten", "1/2", 2),), ()),
    "three halves a day": ((("ten", "1", 1), ("ten", "1/2", 3)), ()),
    "a half without a score": ((("unscored", "1/2", 1),), ()),
    "one quarter along a cross": ((("quartered", "1/4", 1),), ()),
    "two quarters of a bisected tablet": ((("ten", "1/4", 2),), ()),
    "three quarters of a tablet": ((("ten", "1/4", 3),), ()),
    "five quarters without a score": ((("unscored", "1/4", 5),), ()),
    "one third": ((("thirty", "1/3", 1),), ()),
    "two thirds": ((("thirty", "1/3", 2),), ()),
    "four thirds and a half": ((("thirty", "1/3", 4), ("ten", "1/2", 1)), ()),
    "compounded capsules": ((("capsule", "1", 6),), ()),
    "one small volume": ((), (("mixture", "0.24", "1 mL by 0.02 mL"),)),
    "three volumes of one batch": ((), (("mixture", "1.8", "5 mL by 0.2 mL"),) * 3),
    "a tablet's half and a volume": ((("ten", "1/2", 1),), (("bottled", "2.6", "5 mL by 0.2 mL"),)),
}


@pytest.mark.parametrize("method", list(Cutting))
@pytest.mark.parametrize(("taken", "measured"), DAY_CASES.values(), ids=DAY_CASES.keys())
def test_the_closed_form_is_what_a_simulation_comes_to(taken: Taken, measured: Measured, method: Cutting) -> None:
    """Mean, standard deviation and 95 % range of a day, each within the simulation's own error."""
    day = day_of(_step(taken, measured), STOCK, Policy(cutting=method), ACCURACY)
    found = _Simulation(20261128, method).days(taken, measured)
    mean = float(day.mean_mg)
    # A run's days share their batch, so that only as many values as there are runs are independent.
    assert found.mean() == pytest.approx(mean, abs=4 * day.sd_mg / sqrt(RUNS))
    assert found.std() == pytest.approx(day.sd_mg, rel=0.02)
    low, high = day.range_mg
    assert 0.94 <= ((found >= low) & (found <= high)).mean() <= 1
    # Wider than it need be where one even error within limits rules; a little narrow where days differ in their pieces.
    assert 0.8 < np.subtract(*np.quantile(found, (0.975, 0.025))) / (high - low) < 1.05


def test_a_full_draw_and_a_rest_are_two_draws() -> None:
    """12.6 mL is 10 mL and 2.6 mL in a 5 mL syringe, each within its own limit."""
    day = day_of(_step((), (("bottled", "12.6", "10 mL by 0.2 mL"),)), STOCK, Policy(), ACCURACY)
    full, rest = Fraction("0.04") * 10, Fraction("0.05") * Fraction("2.6")
    alone = replace(ACCURACY, preparation=Fraction(0))
    exact = day_of(_step((), (("bottled", "12.6", "10 mL by 0.2 mL"),)), STOCK, Policy(), alone)
    # The rest's syringe is the smallest that holds it, of 3 mL.
    assert exact.own == (full**2 + rest**2) / 3
    assert day.own == exact.own * (1 + Fraction(1, 300))


def test_two_halves_of_one_tablet_are_as_exact_as_the_tablet() -> None:
    """What one half has too much the other has too little: on a day with both the cut cancels."""
    both = day_of(_step((("ten", "1/2", 2),)), STOCK, Policy(), ACCURACY)
    one = day_of(_step((("ten", "1/2", 1),)), STOCK, Policy(), ACCURACY)
    whole = day_of(_step((("ten", "1", 1),)), STOCK, Policy(), ACCURACY)
    assert both.sd_mg == pytest.approx(0.995 * whole.sd_mg)
    assert both.variance < 2 * one.variance


CHANGES: dict[str, tuple[Taken, Measured, Taken, Measured]] = {
    "tablets to tablets": ((("ten", "1", 1),), (), (("ten", "1/2", 1),), ()),
    "halves without a score, closer": ((("unscored", "1/2", 3),), (), (("five", "1", 2), ("unscored", "1/4", 1)), ()),
    "less of one liquid": ((), (("mixture", "2", "5 mL by 0.2 mL"),), (), (("mixture", "1.8", "5 mL by 0.2 mL"),)),
    "tablets to a liquid": ((("ten", "1", 1),), (), (), (("mixture", "1.8", "5 mL by 0.2 mL"),)),
    "a rise": ((), (("bottled", "1", "1 mL by 0.02 mL"),), (), (("bottled", "1.1", "3 mL by 0.1 mL"),)),
}


@pytest.mark.parametrize("one_supply", [True, False], ids=["one supply", "two supplies"])
@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES.keys())
def test_the_chance_that_a_step_is_none_is_what_a_simulation_comes_to(
    case: tuple[Taken, Measured, Taken, Measured], one_supply: bool
) -> None:
    """How often a day on the new step delivers more than one on the old, or less where the dose rises."""
    old, new = (day_of(_step(taken, measured), STOCK, Policy(), ACCURACY) for taken, measured in (case[:2], case[2:]))
    change = change_between(old, new, Fraction(19, 20), Fraction(int(one_supply)))
    assert change is not None
    simulation, contents = _Simulation(13), dict[str, Floats]()
    before = simulation.days(*case[:2], contents=contents)
    after = simulation.days(*case[2:], contents=contents if one_supply else {})
    wrong = (after > before) if change.reduction_mg > 0 else (after < before)
    assert change.chance_wrong == pytest.approx(wrong.mean(), abs=0.025)


def test_a_step_is_resolved_from_the_smallest_reduction_on() -> None:
    """The limit that is told is the limit that decides, to the last digits of the float."""
    old = day_of(_step((), (("bottled", "1", "1 mL by 0.02 mL"),)), STOCK, Policy(), ACCURACY)
    certainty = Fraction(19, 20)
    for share, resolved in (("0.99", False), ("1.01", True)):
        change = change_between(old, replace(old, target_mg=Fraction("0.9")), certainty)
        assert change is not None
        limit = change.resolved_mg
        less = replace(old, target_mg=Fraction("0.9"), mean_mg=old.mean_mg - limit * Fraction(share))
        decided = change_between(old, less, certainty)
        assert decided is not None
        assert decided.is_resolved is resolved
        assert decided.chance_wrong == pytest.approx(0.05, abs=0.003)


def test_a_quantile_is_on_the_safe_side() -> None:
    """Rounded up, so that no machine calls a step resolved that another doesn't."""
    for certainty in (Fraction("0.8"), Fraction("0.95"), Fraction("0.975"), Fraction("0.999")):
        exact = NormalDist().inv_cdf(float(certainty))
        assert exact <= quantile(certainty) < exact + 1e-4


def test_the_same_dose_is_no_change() -> None:
    """Nobody asks whether a step that changes nothing is real."""
    day = day_of(_step((("ten", "1", 1),)), STOCK, Policy(), ACCURACY)
    assert change_between(day, day, Fraction(19, 20)) is None


def test_a_plan_has_the_precision_of_each_step_that_gives_something() -> None:
    """Numbers count from 1; a plan that can't be made has none."""
    made = lots()
    found = precision_of(made.plan, FORMULARY.products, made.pharmacy.policy)
    given = [number for number, step in enumerate(made.plan.steps, 1) if step.administrations]
    assert [each.step for each in found] == given
    assert found[0].change is None
    impossible = replace(
        made.plan,
        status=Status.INFEASIBLE,
        steps=tuple(replace(step, administrations=(), delivered_mg=None) for step in made.plan.steps),
    )
    assert precision_of(impossible, FORMULARY.products, made.pharmacy.policy) == ()


def test_steps_that_are_not_resolved_are_told_together() -> None:
    """Half a milligram less of twenty is lost in the tablets' own errors, five milligrams less are not."""
    steps = [_step((("five", "1", 4),)), _step((("ten", "1/4", 6), ("five", "1", 1))), _step((("five", "1", 3),))]
    steps = [replace(steps[0]), replace(steps[1], target_mg=Fraction(20) - Fraction("0.5")), steps[2]]
    plan = replace(lots().plan, steps=tuple(steps), items=())
    found = unresolved(precision_of(plan, STOCK.values(), Policy()))
    assert found is not None
    assert found.steps == (2,)
    assert found.worst_chance > 0.05
    plain = replace(plan, steps=(steps[0], steps[2]))
    assert unresolved(precision_of(plain, STOCK.values(), Policy())) is None


# What the studies found. A proportion's own error is taken from its number as three standard errors.


def _outside(deviation: Fraction, percent: float) -> float:
    """The share of parts that are more than so many percent off."""
    return 2 * NormalDist().cdf(-percent / (100 * float(deviation)))


def _part(parts: int, method: Cutting, score: int, strength: str = "10") -> Day:
    tablet = replace(TEN, pieces=score, strength=Mass(Fraction(strength)))
    amount = Broken.of(tablet, parts, method, ACCURACY).a_day(1)
    return Day(
        target_mg=Fraction(strength) / parts,
        mean_mg=amount.mean,
        own=amount.variance,
        made=(),
        preparation=Fraction(0),
    )


@pytest.mark.parametrize(
    ("method", "mean", "deviation"),
    [(Cutting.SPLITTER, 67.9, 7.9), (Cutting.KNIFE, 68.0, 15.7)],
)
def test_halves_of_cook_2004(method: Cutting, mean: float, deviation: float) -> None:
    """90 unscored halves of 45 tablets of 136.6 ± 2.1 mg: by splitter 67.9 ± 7.9 mg, by knife 68.0 ± 15.7 mg."""
    half = _part(2, method, 1, "136.6")
    assert float(half.mean_mg) == pytest.approx(mean, abs=3 * 2.1 / 2 / sqrt(45))
    assert half.sd_mg == pytest.approx(deviation, abs=2 * deviation / sqrt(2 * 44))


def test_the_range_of_cook_2004() -> None:
    """The same halves by splitter lay from 69.4 to 130.2 % of what was meant: as the extremes of 90 lie."""
    half = _part(2, Cutting.SPLITTER, 1)
    rarest = NormalDist().inv_cdf(1 - 0.5 / 90)
    reach = 100 * rarest * half.sd_mg / float(half.target_mg)
    assert 100 - reach == pytest.approx(69.4, abs=8)
    assert 100 + reach == pytest.approx(130.2, abs=8)


@pytest.mark.parametrize(("percent", "share"), [(10, 0.413), (20, 0.124)])
def test_halves_of_mcdevitt_1998(percent: float, share: float) -> None:
    """Of 1,752 parts broken by hand 41.3 % were more than 10 % off, 12.4 % more than 20 %."""
    deviation = ACCURACY.cut(Cutting.HAND, scored=False)
    assert _outside(deviation, percent) == pytest.approx(share, abs=3 * sqrt(share * (1 - share) / 1752))


def test_halves_of_fahelelbom_2016() -> None:
    """3 of 40 halves of a scored tablet, by splitter, were more than 10 % off: neither strangely many nor few."""
    chance = _outside(ACCURACY.cut(Cutting.SPLITTER, scored=True), 10)
    shares = [comb(40, count) * chance**count * (1 - chance) ** (40 - count) for count in range(41)]
    assert sum(shares[:4]) > 0.025
    assert sum(shares[3:]) > 0.025


def test_halves_of_rosenberg_2002() -> None:
    """5.5 % of 560 halves from pharmacies, scored and not, were more than 15 % off: between the two kinds of tablet."""
    scored, unscored = (ACCURACY.cut(Cutting.SPLITTER, scored=score) for score in (True, False))
    assert _outside(scored, 15) < 0.055 < _outside(unscored, 15)


def test_halves_of_hill_2009() -> None:
    """33 of 180 halves of six products, scored and not, were more than 10 % off by content."""
    scored, unscored = (ACCURACY.cut(Cutting.SPLITTER, scored=score) for score in (True, False))
    assert _outside(scored, 10) < 33 / 180 < _outside(unscored, 10)


def test_what_fda_found() -> None:
    """Halves of scored gabapentin 1.3 to 9.3 %, of unscored amlodipine 6.5 to 25.4 %, whole tablets 0.5 to 2.1 %."""
    scored = [ACCURACY.cut(method, scored=True) for method in (Cutting.SPLITTER, Cutting.HAND)]
    assert all(Fraction("0.013") <= each <= Fraction("0.093") for each in scored)
    assert Fraction("0.065") <= ACCURACY.cut(Cutting.SPLITTER, scored=False) <= Fraction("0.254")
    assert Fraction("0.005") <= ACCURACY.unit <= Fraction("0.021")


def test_pieces_of_verrue() -> None:
    """Of 3,600 halves and quarters by splitter, scissors and knife nearly a third were more than 15 % off, over a tenth
    more than 25 %: more than halves along a score by splitter, less than quarters by knife."""
    best, worst = _part(2, Cutting.SPLITTER, 2), _part(4, Cutting.KNIFE, 1)
    for percent, share in ((15, 1 / 3), (25, 0.11)):
        low, high = (_outside(Fraction(each.sd_mg / float(each.target_mg)), percent) for each in (best, worst))
        assert low < share < high


@pytest.mark.parametrize(("method", "most"), [(Cutting.SPLITTER, 7.13), (Cutting.HAND, 21.3)])
def test_halves_of_habib_2014(method: Cutting, most: float) -> None:
    """The two halves of a scored tablet differed by up to 7.13 % of its content by splitter, 21.3 % by hand: as the
    largest of a few to a few hundred differences."""
    share = float(Broken.of(TEN, 2, method, ACCURACY).first) ** 0.5
    assert 0.5 < most / (100 * share) < 3


@pytest.mark.parametrize(
    ("volume", "capacity", "limit"),
    [("4", "10", "0.19"), ("0.25", "1", "0.02"), ("0.1", "1", "0.017"), ("0.5", "1", "0.025"), ("5", "10", "0.2")],
)
def test_limits_of_iso_7886(volume: str, capacity: str, limit: str) -> None:
    """The worked figures of ISO 7886-1's limits; from half of the capacity on they are a share of the volume alone."""
    assert ACCURACY.draw_limit(Fraction(volume), Fraction(capacity)) == Fraction(limit)


def test_small_volumes_of_arenas_lopez_2017() -> None:
    """A 1 mL syringe was not within 10 % at 0.1 mL or less, and was above 0.25 mL."""
    for volume, exact in ((Fraction("0.1"), False), (Fraction("0.26"), True)):
        assert (ACCURACY.draw_limit(volume, Fraction(1)) <= volume / 10) is exact
