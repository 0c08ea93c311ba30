"""The pharmacy's file to its record, over the built-in pharmacy's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import formulations
from splitter.codec import Currency, TomlReader, digest, read_file
from splitter.files import configuration_directory
from splitter.prescription.policy import policy_problems
from splitter.prescription.records import Compounding, Costs, Pharmacy, Policy

_BUILT_IN = "built-in pharmacy.toml"
_DEFAULTED = ("costs", "compounding")
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
    long as the currency is the same, and so is what `[compounding]` does not state. Raises InputError with every fault.
    """
    reader = TomlReader(text, name)
    built_in = TomlReader(formulations.pharmacy(), _BUILT_IN)
    stated = reader.table.get("costs", {})
    reader.table.setdefault("pharmacy", built_in.table["pharmacy"])
    for name in _DEFAULTED:
        if isinstance(own := reader.table.get(name, {}), dict):
            reader.table[name] = _with_defaults(own, built_in.table[name])
    identity = reader.one(_Identity, "pharmacy")
    costs = reader.one(Costs, "costs")
    compounding = reader.one(Compounding, "compounding")
    policy = reader.one(Policy, "policy") if "policy" in reader.table else Policy()
    if compounding and compounding.balance_minimum < compounding.balance_readability:
        remedy = f"write at least balance_readability, {compounding.balance_readability}"
        reader.fault("compounding.balance_minimum", str(compounding.balance_minimum), remedy)
    if identity and identity.currency != built_in.table["pharmacy"]["currency"]:
        for fee in (fee for fee in _FEES if fee not in stated):
            reader.fault(f"costs.{fee}", "nothing", f"add it in {identity.currency}; the built-in costs are in USD")
    for where, found, remedy in policy_problems(policy) if policy else ():
        reader.fault(f"policy.{where}", found, remedy)
    reader.finish()
    assert identity and costs and policy and compounding  # noqa: PT018  finish has raised otherwise
    return Pharmacy(
        name=identity.name,
        address=identity.address,
        phone=identity.phone,
        licence=identity.licence,
        currency=identity.currency,
        costs=costs,
        policy=policy,
        compounding=compounding,
        sha256=digest(text),
    )


def _with_defaults(stated: dict[str, object], built_in: dict[str, object]) -> dict[str, object]:
    """What is stated over what is built in, whose source no longer covers it."""
    if not stated:
        return built_in
    return {name: value for name, value in built_in.items() if name != "source"} | stated
