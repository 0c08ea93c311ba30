"""One good file of each kind that Splitter reads, and the commands that read it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import formulations
from splitter.plan.seal import SEAL, seal_of
from tests.faults.plans import TEXTS, planned

RX = """
[prescription]
number = "RX-7"
drug = "baclofen"
start = 2026-12-01
written = 2026-11-20
times = ["08:00", "20:00"]
indication = "a reason"
tolerance = "0 mg"
larger_dose = "last"
cut_order = ["20:00", "08:00"]
[patient]
name = "Ada Example"
born = 1961-04-02
address = "1 High Street, Springfield"
[prescriber]
name = "Dr B. Example"
phone = "555 0100"
[policy]
max_pieces = 6
visit_interval = "28 days"
syringes = ["1 mL by 0.02 mL", "5 mL by 0.2 mL"]
[[step]]
daily = "20 mg"
for = "2 weeks"
[[step]]
doses = ["10 mg", "5 mg"]
for = "14 days"
range = ["10 mg", "20 mg"]
"""
TAPER = (
    RX[: RX.index("[[step]]")]
    + '[taper]\nfrom = "20 mg"\nreduce = "10 %"\nevery = "2 weeks"\ngrid = "0.5 mg"\nlast = "5 mg"\n'
)
PHASES = (
    RX[: RX.index("[policy]")]
    + """[policy]
division = "path"
evenness = "40 %"
every_time = false
fine = "phase"
form_change = "21 days"
max_supply = "60 days"
spare = "7 days"
split = "scored"
liquids = "allow"
compounded = true
one_liquid = true
max_volume = "20 mL"
min_volume = "0.2 mL"
min_share = "5 %"
max_products = 0
exclude = ["baclofen-5mg-tablet"]
prefer = "simple"
split_burden = "0.20"
[[taper]]
from = "40 mg"
reduce = "5 mg"
every = "1 week"
to = "20 mg"
hold = "2 weeks"
[[taper]]
reduce = "10 %"
every = "2 weeks"
last = "4.5 mg"
round = "tablets"
round_within = "5 %"
grid = "0.5 mg"
"""
)
HOME = (
    RX.replace(
        'indication = "a reason"', 'quantity = "56 tablets of 10 mg"\nfollows = "US labels"\nchange_day = "Mon to Thu"'
    )
    .replace("born = 1961-04-02", 'born = 1961-04-02\negfr = "45 mL/min"')
    .replace("max_pieces = 6", 'cutting = "hand"\nresolve = "95 %"')
    + """[[at_home]]
product = "baclofen-10mg-tablet"
units = 13
halves = 1
[[at_home]]
product = "baclofen-5mg-per-ml-compounded"
volume = "42 mL"
use_by = 2026-12-20
"""
)
RANGES = (
    RX[: RX.index("[[step]]")]
    + """[taper]
from = "20 mg"
reduce = "10 % to 20 %"
every = "2 to 4 weeks"
finish = "20 to 40 weeks"
last = "5 mg"
"""
)
OVERLAY = """
currency = "USD"
[[product]]
drug = "baclofen"
id = "baclofen-10mg-tablet"
price = "0.05"
price_date = 2026-11-01
price_source = "an invoice"
stock = 400
[[tablet]]
drug = "baclofen"
id = "baclofen-25mg-tablet"
strength = "25 mg"
pieces = 2
packs = [{ count = 30, price = "3.10" }]
"""
STOCK = """
[label]
name = "vial roll"
width = "100 mm"
height = "60 mm"
margin = "1.5 mm"
[sheet]
width = "210 mm"
height = "297 mm"
columns = 2
rows = 4
left = "5 mm"
top = "15.15 mm"
pitch_x = "100.5 mm"
"""
PREFERENCES = '[labels]\nstock = "avery-5163"\nprofile = "us"\nclock = false\noffset = "1 mm, -0.5 mm"\n'
NADAC = """NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,As of Date
BACLOFEN 10 MG TABLET,00172409660,0.03351,11/20/2024,EA,12/18/2024
BACLOFEN 20 MG TABLET,00172409760,0.05242,11/20/2024,EA,12/18/2024
"""
DMD = """Medicine,Pack size,Unit,VMP Snomed Code,Drug Tariff Category,Basic Price
Baclofen 10mg tablets,84,tablet,42032611000001100,Part VIIIA Category M,140
Baclofen 5mg/5ml oral solution sugar free,300,ml,42032711000001109,Part VIIIA Category A,1500
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: its good contents, where one goes below a directory, and what reads it there.

    `finish` makes what was changed believable again, as a new seal does for a plan.
    """

    contents: tuple[str, ...]
    place: str
    commands: tuple[Sequence[str], ...]
    finish: Callable[[str], str] = str

    @property
    def is_toml(self) -> bool:
        return self.place.endswith(".toml")

    @property
    def is_json(self) -> bool:
        return self.place.endswith(".json")


def seal(text: str) -> str:
    """A plan file under a seal that fits it, where it still has fields at all."""
    try:
        fields = json.loads(text)
        return json.dumps(fields | {SEAL: seal_of(fields)}) if isinstance(fields, dict) else text
    except (ValueError, RecursionError):
        return text


def _formulary() -> str:
    """A small formulary with each kind of product, one of them poured."""
    text = formulations.drug("baclofen")
    tables = re.split(r"(?m)^(?=\[\[)", text)
    return tables[0] + "".join(kind_of(tables, name) for name in ("tablet", "liquid", "recipe", "packet")) + POURED


POURED = """
[[liquid]]
id = "baclofen-2mg-per-ml-solution"
concentration = "10 mg/5 mL"
poured = { price = "0.056", step = "5 mL", containers = [{ volume = "60 mL", price = "0.80" }] }
keeps = "60 days"
storage = "20 to 25 °C"
shake = true
stock = "500 mL"
"""


def kind_of(tables: Sequence[str], name: str) -> str:
    """The first table of this name."""
    return next((table for table in tables if table.startswith(f"[[{name}]]")), "")


FEW = ("--node-limit", "2000")
AMENDED = ("--on", "2026-12-10", "--hold", "1 week", "--reason", "x", "--by", "Dr Y", "-o", "out")
PRINTED = (
    ("labels", "plan.json", "--all", "-o", "labels.pdf"),
    ("sheets", "plan.json", "--ics", "calendar.ics", "-o", "sheets.pdf"),
    ("verify", "plan.json", "made.toml"),
)
"""The commands that read a plan file, whatever it says."""

KINDS: dict[str, Kind] = {
    "prescription": Kind(
        contents=(RX, TAPER, PHASES, HOME),
        place="rx.toml",
        commands=(
            ("schedule", "rx.toml", "-o", "steps.toml"),
            ("fill", "rx.toml", "-o", "out", *FEW),
            ("check", "rx.toml", "--json", *FEW),
            ("batch", ".", "-o", "batched", *FEW),
        ),
    ),
    "ranges": Kind(contents=(RANGES,), place="rx.toml", commands=(("propose", "rx.toml", *FEW),)),
    "pharmacy": Kind(
        contents=(formulations.pharmacy(),),
        place="pharmacy.toml",
        commands=(("plan", "good.toml", "--pharmacy", "pharmacy.toml", *FEW),),
    ),
    "formulary": Kind(
        contents=(_formulary(),),
        place="baclofen.toml",
        commands=(
            ("formulary", "check", "baclofen.toml"),
            ("plan", "good.toml", "--formulary", "baclofen.toml", *FEW),
        ),
    ),
    "overlay": Kind(
        contents=(OVERLAY,),
        place="configuration/splitter/formulary/own.toml",
        commands=(("formulary", "show", "baclofen"), ("plan", "good.toml", *FEW)),
    ),
    "stock": Kind(
        contents=(STOCK,),
        place="own.toml",
        commands=(
            ("stock", "own.toml", "-o", "test.pdf"),
            ("labels", "good.json", "--stock", "own.toml", "-o", "l.pdf"),
        ),
    ),
    "preferences": Kind(
        contents=(PREFERENCES,),
        place="configuration/splitter/labels.toml",
        commands=(("labels", "good.json", "-o", "labels.pdf"),),
    ),
    "price list": Kind(
        contents=(NADAC, DMD),
        place="prices.csv",
        commands=(("formulary", "prices", "import", "prices.csv", "--date", "2026-11-02", "-o", "prices.toml"),),
    ),
    "plan": Kind(
        contents=(planned("with reasons").text,),
        place="plan.json",
        commands=(
            *PRINTED,
            ("amend", "plan.json", "made.toml", *AMENDED, *FEW),
        ),
        finish=seal,
    ),
    "impossible plan": Kind(contents=(planned("impossible").text,), place="plan.json", commands=PRINTED, finish=seal),
}


def prepare(folder: Path) -> None:
    """Put the good files beside which a changed one is read into a directory."""
    (folder / "good.toml").write_text(RX, encoding="utf-8")
    (folder / "good.json").write_text(planned("with reasons").text, encoding="utf-8")
    (folder / "made.toml").write_text(TEXTS["with reasons"], encoding="utf-8")
    for kind in KINDS.values():
        (folder / kind.place).parent.mkdir(parents=True, exist_ok=True)
