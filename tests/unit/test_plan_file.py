"""Plan files: the seal that shows an edited one, and what no plan can say whoever sealed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from splitter.errors import InputError, RefusedError
from splitter.plan import plan_digest, plan_from_json, plan_to_json
from splitter.plan.seal import SEAL, seal_of
from splitter.service import refuse_unprintable
from tests.unit.plans import batches, tablets

Fields = dict[str, Any]
Edit = Callable[[Fields], None]


def written(name: str = "tablets") -> Fields:
    """The fields of a plan's file."""
    fields: Fields = json.loads(plan_to_json({"tablets": tablets, "batches": batches}[name]().plan))
    return fields


def put(*path: str | int, value: object) -> Edit:
    """An edit that puts a value somewhere."""

    def edit(fields: Fields) -> None:
        spot: Any = fields
        for key in path[:-1]:
            spot = spot[key]
        spot[path[-1]] = value

    return edit


def test_a_plan_file_bears_a_seal_that_says_what_it_is() -> None:
    """A digest over all else, and no signature; the order of fields and the blanks between them don't count."""
    fields = written()
    assert fields[SEAL].startswith("sha256 of all else, no signature: ")
    assert plan_from_json(json.dumps(fields, sort_keys=True), "plan.json").seal == fields[SEAL]
    assert fields[SEAL].endswith(plan_digest(tablets().plan))


@pytest.mark.parametrize(
    "edit",
    [
        put("currency", value="EUR"),
        put("prescription", "patient", "name", value="Ada Exampel"),
        put("provenance", "version", value="0"),
        put("a field of a later version", value=1),
        put(SEAL, value="sha256 of all else, no signature: 00"),
        put(SEAL, value=None),
        put(SEAL, value=""),
        lambda fields: fields.pop(SEAL),
    ],
)
def test_an_edited_file_is_read_and_not_printed(edit: Edit) -> None:
    """Reading it is no fault, so that it can be checked; but nothing is printed from it."""
    fields = written()
    edit(fields)
    read = plan_from_json(json.dumps(fields), "plan.json")
    assert read.seal == ""
    with pytest.raises(RefusedError, match=r"not printed: plan: the file has no seal that fits .* \(verify-seal\)"):
        refuse_unprintable(read)


def test_a_plan_that_was_never_a_file_needs_no_seal() -> None:
    """It is printed; so is an intact file with fields of a later version, whose seal fits."""
    made = tablets().plan
    assert made.seal is None
    refuse_unprintable(made)
    fields = written() | {"a field of a later version": 1}
    read = plan_from_json(json.dumps(fields | {SEAL: seal_of(fields)}), "plan.json")
    assert read.seal == seal_of(fields)
    refuse_unprintable(read)


# (plan, what was put in, the key at fault, a part of what was found or of the remedy)
UNSOUND: dict[str, tuple[str, Edit, str, str]] = {
    "two names of the drug": ("tablets", put("drug", "name", value="warfarin"), "drug.name", '"warfarin" in a plan'),
    "a strength of a liquid": (
        "batches",
        put("products", 0, "strength_mg", value="5"),
        "products[0].strength_mg",
        "has none",
    ),
    "a tablet's concentration": (
        "tablets",
        put("products", 0, "concentration_mg_per_mL", value="5"),
        "products[0].concentration_mg_per_mL",
        "a tablet has none",
    ),
    "a liquid without one": (
        "batches",
        put("products", 0, "concentration_mg_per_mL", value=None),
        "products[0].concentration_mg_per_mL",
        "nothing",
    ),
    "a spoon": (
        "batches",
        put("steps", 0, "administrations", 0, "measure", "syringe", value="a spoon"),
        "steps[0].administrations[0].measure.syringe",
        "such as",
    ),
    "a fifth of a tablet": (
        "tablets",
        put("steps", 0, "administrations", 0, "take", 0, "fraction", value="1/5"),
        "steps[0].administrations[0].take[0].fraction",
        "1, 1/2, 1/3 or 1/4",
    ),
    "a million pieces": (
        "tablets",
        put("steps", 0, "administrations", 0, "take", 0, "count", value=10_000_000),
        "steps[0].administrations[0].take[0].count",
        "from 0 to 1000000",
    ),
    "an unknown product": (
        "tablets",
        put("items", 0, "product", value="eleven"),
        "items[0].product",
        "no such product",
    ),
    "ten million days": ("tablets", put("steps", 0, "days", value=10_000_000), "steps[0].days", "from 0 to 1000000"),
    "eleven years": ("tablets", put("steps", 0, "days", value=4000), "steps[0].days", "1 to 3660 days"),
    "no days": ("tablets", put("steps", 0, "days", value=0), "steps[0].days", "1 to 3660 days"),
    "no steps": ("tablets", put("steps", value=[]), "steps", "1 to 1000"),
    "the year 9999": ("tablets", put("items", 0, "date", value="9999-12-31"), "items[0].date", "a year from 1900"),
    "handed over before the start": (
        "tablets",
        put("items", 0, "date", value="2026-11-01"),
        "items[0].date",
        "the days from",
    ),
    "used after the end": (
        "tablets",
        put("items", 0, "use_until", value="2030-01-01"),
        "items[0].use_until",
        "the days",
    ),
    "a life of a million days": (
        "batches",
        put("products", 0, "beyond_use_days", value=1_000_000),
        "products[0].beyond_use_days",
        "more than 3660 days",
    ),
    "a milliard batches": ("batches", put("items", 0, "batches", value=1_000_000_000), "items[0].batches", "1000000"),
    "a thousand batches": ("batches", put("items", 0, "batches", value=1000), "items[0].batches", "1 to 100"),
    "batches of tablets": ("tablets", put("items", 0, "batches", value=1), "items[0].batches", "nothing else is"),
    "a million bottles": (
        "batches",
        put("items", 0, "parts", 0, "count", value=1_000_000),
        "items[0].parts",
        "at most 1000",
    ),
    "less than nothing": ("tablets", put("items", 0, "cost", value="-1"), "items[0].cost", "without a sign"),
    "a number of a thousand digits": ("tablets", put("total", value="9" * 1000), "total", "at most 60 characters"),
    "times out of order": (
        "tablets",
        put("prescription", "times", value=["20:00", "08:00"]),
        "prescription.times",
        "order",
    ),
    "conflicts beside a plan": ("tablets", put("status", value="infeasible"), "status", "0 conflicts"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_what_no_plan_can_say_is_bad_input(name: str) -> None:
    """Whatever its seal: the file, the key, what was found and the remedy."""
    plan, edit, key, said = UNSOUND[name]
    fields = written(plan)
    edit(fields)
    with pytest.raises(InputError) as caught:
        plan_from_json(json.dumps(fields | {SEAL: seal_of(fields)}), "plan.json")
    told = {fault.key: fault for fault in caught.value.faults}
    assert told[key].file == "plan.json"
    assert said in str(told[key])


def test_figures_that_only_disagree_are_read() -> None:
    """They are for the second check to find, which says both figures."""
    fields = written()
    put("total", value="1")(fields)
    read = plan_from_json(json.dumps(fields | {SEAL: seal_of(fields)}), "plan.json")
    with pytest.raises(RefusedError, match="verify-total"):
        refuse_unprintable(read)
