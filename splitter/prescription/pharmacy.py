"""The pharmacy's file to its record, over the built-in pharmacy's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import formulations
from splitter.codec import Currency, TomlReader, digest, read_file
from splitter.files import configuration_directory
from splitter.prescription.policy import policy_problems
from splitter.prescription.records import Costs, Pharmacy, Policy

_BUILT_IN = "built-in pharmacy.toml"
_FEES = ("item_fee", "split_fee", "batch_fee", "labour_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    name: str
    address: str
    phone: str
    licence: str = ""
    currency: Currency = "USD"


def read_pharmacy(path: Path | None = None) -> Pharmacy:
    """Read a pharmacy's file; without one, `splitter/pharmacy.toml` of the user's configuration, else the built-in.

    Raises InputError with every fault.
    """
    if path is None:
        own = configuration_directory() / "pharmacy.toml"
        if not own.is_file():
            return pharmacy_from_text(formulations.pharmacy(), _BUILT_IN)
        path = own
    return pharmacy_from_text(read_file(path), str(path))


def pharmacy_from_text(text: str, name: str) -> Pharmacy:
    """Read a pharmacy from TOML; `name` says in messages where it came from.

    Without `[pharmacy]` it is the built-in one; costs that are not stated are the built-in pharmacy's, as
    long as the currency is the same. Raises InputError with every fault.
    """
    reader = TomlReader(text, name)
    built_in = TomlReader(formulations.pharmacy(), _BUILT_IN)
    stated = reader.table.get("costs", {})
    reader.table.setdefault("pharmacy", built_in.table["pharmacy"])
    if isinstance(stated, dict):
        reader.table["costs"] = _with_defaults(stated, built_in.table["costs"])
    identity = reader.one(_Identity, "pharmacy")
    costs = reader.one(Costs, "costs")
    policy = reader.one(Policy, "policy") if "policy" in reader.table else Policy()
    if identity and identity.currency != built_in.table["pharmacy"]["currency"]:
        for fee in (fee for fee in _FEES if fee not in stated):
            reader.fault(f"costs.{fee}", "nothing", f"add it in {identity.currency}; the built-in costs are in USD")
    for where, found, remedy in policy_problems(policy) if policy else ():
        reader.fault(f"policy.{where}", found, remedy)
    reader.finish()
    assert identity and costs and policy  # noqa: PT018  finish has raised otherwise
    return Pharmacy(
        name=identity.name,
        address=identity.address,
        phone=identity.phone,
        licence=identity.licence,
        currency=identity.currency,
        costs=costs,
        policy=policy,
        sha256=digest(text),
    )


def _with_defaults(stated: dict[str, object], built_in: dict[str, object]) -> dict[str, object]:
    """The stated costs over the built-in ones, whose source no longer covers them."""
    if not stated:
        return built_in
    return {name: value for name, value in built_in.items() if name != "source"} | stated
