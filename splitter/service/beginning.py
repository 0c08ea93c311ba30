"""A prescription to begin with: commented lines that are true of one drug, with nothing chosen for the prescriber."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

from splitter.formulary import Formulary, Product, TaperAdvice, listed
from splitter.prescription import read_lengths, read_reductions
from splitter.units import ReadError

_PARTS = {1: "whole only", 2: "whole and halves", 3: "whole and thirds", 4: "whole, halves and quarters"}
_BESIDE = re.compile(r"^(at most|about) | of the (current|daily) dose$")
"""What a source says beside its figure, which the rule can't."""

_HEAD = """\
# A taper of {drug}. A line that begins with "# " is a remark or a choice: take the "# " away from what is
# meant, and write your own in place of what stands there. Then: splitter check FILE, splitter fill FILE -o DIR.

[prescription]
drug = {name}
# number = "RX-1"
# start = {start}  # the first day of the first dose
# times = ["08:00", "20:00"]  # the times of a day at which it is taken
# written = {written}
# indication = "…"  # printed on the label as the purpose

# [patient]  # for labels
# name = "…"
# born = 1961-04-02
# address = "…"

# [prescriber]  # for labels
# name = "…"
# phone = "…"

[taper]
# from = "… mg"  # the daily dose of today
"""
_FOOT = """
# last = "… mg"  # the smallest daily dose before nothing
# Without reduce and every, each step may be written out in place of [taper]:
# [[step]]
# daily = "… mg"
# for = "2 weeks"
"""


def beginning(formulary: Formulary, today: dt.date) -> str:
    """The text of a prescription file for a drug; what it must say and doesn't yet is told when it is read."""
    head = _HEAD.format(
        drug=formulary.drug,
        name=json.dumps(formulary.drug, ensure_ascii=False),
        start=today + dt.timedelta(days=1),
        written=today,
    )
    return "\n".join((head + "\n".join((*_most(formulary), *_tapers(formulary))), _FOOT, *_products(formulary), ""))


def _most(formulary: Formulary) -> Iterator[str]:
    if formulary.max_daily is not None:
        yield f"# The labelled maximum is {formulary.max_daily} a day."
    if formulary.taper_end is not None:
        smallest = f"The smallest daily dose of its tapers is {formulary.taper_end}"
        yield f"# {smallest}; without last, a rule by percentages ends there."


def _tapers(formulary: Formulary) -> Iterator[str]:
    """Each cited taper in its source's words, as keys where it gives figures that a rule can have."""
    if not formulary.tapers:
        yield "# No cited taper of this drug is known here: its pace is the prescriber's."
        yield '# reduce = "… %"  # of the current dose; or an amount, "… mg"'
        yield '# every = "… weeks"'
        return
    yield f"# Cited tapers of {formulary.drug}; none of them is chosen. Take one pair of lines, or write your own:"
    for advice in formulary.tapers:
        yield "#"
        yield from _advice(advice)


def _advice(advice: TaperAdvice) -> Iterator[str]:
    """One cited taper."""
    note = f" {advice.note}" if advice.note else ""
    yield f"# {advice.name}: {advice.rate}; {advice.interval}.{note}"
    if advice.source is not None:
        yield f"# ({advice.source})"
    keys = list(_keys(advice))
    yield from keys if len(keys) > 1 else ()


def _keys(advice: TaperAdvice) -> Iterator[str]:
    """The keys of a rule that say it, as far as they can: bounds such as "at most" stand in the line above."""
    for key, text, read in (("reduce", advice.rate, read_reductions), ("every", advice.interval, read_lengths)):
        figure = _BESIDE.sub("", _BESIDE.sub("", text))
        try:
            read(figure)
        except ReadError:
            continue
        yield f"# {key} = {json.dumps(figure)}"


def _products(formulary: Formulary) -> Iterator[str]:
    yield f"# What there is of {formulary.drug}:"
    yield from (f"#   {_product(product)}" for product in listed(formulary) if product.available)


def _product(product: Product) -> str:
    if product.strength is None:
        return product.name
    whole = product.do_not_split or product.is_compounded
    return f"{product.name}, {_PARTS[1] if whole else _PARTS[product.pieces]}"
