"""What a person wrote of a change under way, read: which change it is, the day, what was counted at home."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import click

from splitter.cli.changing import Changing
from splitter.codec import read_file
from splitter.errors import InputError
from splitter.prescription import AtHome, read_prescription, read_steps
from splitter.service import Order
from splitter.taper import Change, Way
from splitter.units import ReadError, parse_duration, parse_volume

_COUNTED = re.compile(r"([0-9]+)(?: (half|halves|third|thirds|quarter|quarters))?")
_KEYS = {"half": "halves", "third": "thirds", "quarter": "quarters"}


def order_of(changing: Changing) -> Order:
    """What is ordered. Raises UsageError and BadParameter, InputError for a file of new steps with faults."""
    change, words = _change(changing)
    return Order(
        on=_date("--on", changing.on),
        today=changing.today,
        change=change,
        words=words,
        reason=changing.reason,
        by=changing.by,
        counted=tuple(map(_counted, changing.at_home)),
    )


def _change(asked: Changing) -> tuple[Change, str]:
    """What changes, and in words."""
    ways = {name: getattr(asked, name) for name in ("hold", "slower", "back", "stop", "steps")}
    chosen = [name for name, value in ways.items() if value]
    if len(chosen) != 1:
        raise click.UsageError(f"give exactly one of {', '.join(f'--{name}' for name in ways)}")
    if asked.hold:
        return Change(way=Way.HOLD, days=_duration(asked.hold)), f"held {asked.hold} longer"
    if asked.slower == "half":
        return Change(way=Way.HALF), "each remaining drop halved"
    if asked.slower:
        factor = _factor(asked.slower)
        return Change(way=Way.SLOWER, factor=factor), f"each remaining step {asked.slower[1:]} times as long"
    if asked.steps is not None:
        return Change(way=Way.STEPS, steps=read_steps(str(asked.steps), read_file(asked.steps))), "new steps"
    if asked.back:
        return Change(way=Way.BACK), "back to the step before"
    return Change(way=Way.STOP), "stopped on the dose of that day"


def _duration(text: str) -> int:

    try:
        return parse_duration(text)
    except ReadError as error:
        raise click.BadParameter(f"{error.found}; {error.remedy}", param_hint="--hold") from None


def _factor(text: str) -> Fraction:
    if not re.fullmatch(r"x[0-9]{1,2}(\.[0-9]{1,2})?", text) or not 1 < Fraction(text[1:]) <= 10:
        raise click.BadParameter(f'"{text}"; write "half", or "x1.5" for steps of 1.5 times', param_hint="--slower")
    return Fraction(text[1:])


def _date(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f'"{text}"; write a date such as 2027-02-02', param_hint=name) from None


def _counted(text: str) -> AtHome:
    """What was counted of one product. Raises BadParameter."""

    product, equals, amount = text.partition("=")
    amount, by, last = amount.partition(" by ")
    use_by = _date("--at-home", last) if by else None
    if equals and amount.endswith("mL"):
        try:
            return AtHome(product=product.strip(), volume=parse_volume(amount.strip()), use_by=use_by)
        except ReadError as error:
            raise click.BadParameter(f"{error.found}; {error.remedy}", param_hint="--at-home") from None
    found = [_COUNTED.fullmatch(part.strip()) for part in amount.split(",")]
    counts = {_KEYS.get(one[2] or "", one[2] or "units"): int(one[1]) for one in found if one}
    if not equals or not all(found) or len(counts) != len(found):
        said = f'"{text}"; write "id=13", "id=13, 1 half" or "id=42 mL by DATE"'
        raise click.BadParameter(said, param_hint="--at-home")
    return AtHome(
        product=product.strip(),
        units=counts.get("units", 0),
        halves=counts.get("halves", 0),
        thirds=counts.get("thirds", 0),
        quarters=counts.get("quarters", 0),
        use_by=use_by,
    )


def refuse_amended(plan_file: Path, digest: str) -> None:
    """Raise BadParameter where a directory beside the plan holds an amendment of this very plan."""

    for path in sorted(plan_file.absolute().parent.glob("*/rx.toml")):
        try:
            other = read_prescription(path).amendment
        except InputError:
            continue
        if other is not None and other.plan == digest:
            message = f"the plan was amended already, {other.change}: amend {path.parent / 'plan.json'}"
            raise click.BadParameter(message, param_hint="PLAN")
