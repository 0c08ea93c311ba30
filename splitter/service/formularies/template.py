"""The beginning of a formulary file, to be filled in by a pharmacist."""

from __future__ import annotations

import re
from pathlib import Path

from splitter.errors import Fault, InputError
from splitter.files import shown_path

_TEMPLATE = """\
# {drug}: what exists of it, and what is compounded from it.
#
# Fill in each "" and take out the tables that you don't need; then run: splitter formulary check FILE
# Every table says where its facts come from (source), how sure they are (certainty: "label" read on the product's own
# label or monograph, "secondary" read in a source that cites it, "unverified" neither), and when that was checked.
# An id has small letters, digits, hyphens and points, and is given once.

drug = "{drug}"
currency = ""                       # of all prices here, such as "USD"
max_daily = ""                      # labelled maximum daily dose, such as "80 mg"; leave the line out if unknown
cautions = [""]                     # plain sentences for the label, most important first; of some forms only:
                                    # {{ text = "Swallow tablets whole.", forms = ["tablet"] }}
source = ""                         # where the maximum and the cautions were read
certainty = "unverified"
# checked = 2026-01-01              # the day on which you checked it

# Tablets; also [[capsule]] and [[packet]], which are never split.

[[tablet]]
id = "{slug}-1mg-tablet"
strength = ""                       # of one tablet, such as "10 mg"
pieces = 1                          # the functional score that you have seen on the label: 1, 2, 3 or 4 equal parts
# do_not_split_reason = ""          # such as "extended release"
price = ""                          # of one tablet, such as "0.0335"; or packs = [{{ count = 84, price = "1.20" }}]
# price_date = 2026-01-01           # the day that the price is of
price_source = ""
storage = ""                        # such as "20 to 25 °C"
source = ""                         # the label where strength and score were read
certainty = "unverified"
# checked = 2026-01-01              # the day on which you checked it

# A marketed liquid.

[[liquid]]
id = "{slug}-1mg-per-ml-solution"
concentration = ""                  # as the label has it, such as "5 mg/5 mL"
form = "solution"                   # or "suspension", with shake = true
bottles = [{{ volume = "", price = "" }}]
in_use = ""                         # how long an open bottle keeps, such as "60 days"; left out: no limit
# In place of these two, where it is poured out of a stock bottle, the price of 1 mL and how long it then keeps:
# poured = {{ price = "", step = "5 mL", containers = [{{ volume = "", price = "" }}] }}
# keeps = "60 days"
# overage = "5 %"                   # what is handed over beyond the doses
# price_date = 2026-01-01           # the day that the price is of
price_source = ""
storage = ""
source = ""
certainty = "unverified"
# checked = 2026-01-01              # the day on which you checked it

# What is compounded. Amounts of ingredients are for 100 mL (for capsules: for 100 capsules, with a strength).

[[recipe]]
id = "{slug}-1mg-per-ml-compounded"
form = "suspension"                 # or "solution" or "capsule"
concentration = ""                  # such as "5 mg/mL"
category = "aqueous preserved"      # or "aqueous non-preserved", "non-aqueous liquid", "solid"
vehicle = ""                        # what it is made up with
container = ""                      # such as "amber plastic bottle, tight"
storage = ""                        # such as "2 to 8 °C"
labour = "25 min"
step = "10 mL"                      # batches are multiples of it, min and max too; each takes whole tablets
min = "30 mL"
containers = [{{ volume = "", price = "" }}]
ingredients = [                     # active: the drug in one unit; to_volume: brings the batch to its final volume
  {{ name = "", amount = "", unit = "tablet", price = "", active = "" }},
  {{ name = "", amount = "100", unit = "mL", price = "", to_volume = true }},
]
method = [""]                       # one step of the work in each text
quality_checks = [{{ check = "", expected = "" }}]
# price_date = 2026-01-01           # the day that the price is of
price_source = ""
source = ""                         # the formula that this is
certainty = "unverified"
# checked = 2026-01-01              # the day on which you checked it
"""


def new_formulary(drug: str) -> str:
    """A commented file for a drug, in which what must be filled in is empty. Raises InputError for no name."""
    name = " ".join(drug.split())
    slug = re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not slug or not name.isprintable() or '"' in name or "\\" in name:
        remedy = "write the drug's name as prescriptions do, such as baclofen"
        raise InputError([Fault(file="", key="DRUG", found=repr(drug), remedy=remedy)])
    return _TEMPLATE.format(drug=name, slug=slug)


def refuse_existing(path: Path) -> None:
    """Raises InputError where a file stands already: a template never takes the place of somebody's work."""
    if path.exists():
        remedy = "name a new file; a template takes nothing's place"
        raise InputError([Fault(file=shown_path(path), key="", found="an existing file", remedy=remedy)])
