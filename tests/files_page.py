"""FILES.md: every key of the files that a person writes, made from the records that read them.

Kinds, defaults and what must be there come from the records' types; the meanings stand here. `python -m tests.files_page`
writes the page, a test holds it to the records.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from splitter.codec import (
    Chance,
    Clearance,
    Clock,
    Currency,
    Days,
    DaysFromZero,
    Hours,
    LastDay,
    Number,
    Share,
    SomeMass,
    SomeVolume,
)
from splitter.formulary.facts import (
    Control,
    DoseLimits,
    HalfLife,
    KidneyAdvice,
    OneReduction,
    Pace,
    Stopping,
    TaperAdvice,
    Withdrawal,
)
from splitter.formulary.recipes import Ingredient, Monograph, QualityCheck, Study
from splitter.formulary.records import Caution
from splitter.formulary.tables import (
    BottleTable,
    ContainerTable,
    Head,
    LiquidTable,
    PackTable,
    PouredTable,
    ProductTable,
    RecipeTable,
    Strengths,
    TabletTable,
    UnitTable,
    VolumeOrCount,
)
from splitter.prescription import Amendment, AtHome, ChangeDays, Compounding, Costs, Policy, Prescriber, StatedQuantity
from splitter.prescription.pharmacy import _Identity
from splitter.prescription.ranges import Lengths, Reductions
from splitter.prescription.reading import AmountOrShare, _Head, _PatientTable, _StepTable
from splitter.prescription.tapers import _PhaseTable
from splitter.quantity import Concentration, Mass, Money, Volume, counted, format_exact

PAGE = Path(__file__).parents[1] / "FILES.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of a file: its heading, the record that reads it, what is to be said of it, its keys.

    `keys` has lines of `key | example | meaning`; those of `inherited` records stand in a section of their own.
    """

    heading: str
    record: type[Any]
    words: str
    keys: str
    inherited: type[Any] | None = None

    def meanings(self) -> dict[str, tuple[str, str]]:
        """The example and the meaning of each key."""
        lines = (line.split(" | ", 2) for line in self.keys.strip().splitlines())
        return {name.strip(): (example.strip(), meaning.strip()) for name, example, meaning in lines}

    def fields(self) -> Iterator[tuple[str, Any, dataclasses.Field[Any]]]:
        """The key, the type and the field of each of the record's own."""
        hints = typing.get_type_hints(self.record, include_extras=True)
        known = {field.name for field in dataclasses.fields(self.inherited)} if self.inherited else set()
        for field in dataclasses.fields(self.record):
            if field.name not in known:
                yield field.metadata.get("key", field.name), hints[field.name], field


WORDS = Path(__file__).with_suffix(".md")
"""The page around its tables, which stand in the place of KEYS."""
KEYS = "@@KEYS@@"

SECTIONS = (
    Section(
        heading="Prescription: `[prescription]`",
        record=_Head,
        words="The file has steps (`[[step]]`) or a rule (`[taper]`, `[[taper]]`), and may change the pharmacy's `[policy]`.",
        keys="""
number | "RX-104233" | the pharmacy's number, printed and in bars
drug | "baclofen" | a drug of the formularies, in any case
start | 2026-12-01 | the first day
times | ["08:00", "14:00", "20:00"] | when a dose is taken each day, in order; those after midnight, before 06:00, come last
written | 2026-11-20 | the day on which it was written
indication | "muscle spasms" | printed as the purpose
tolerance | "1 mg" | how far a day may be from its target, an amount or a percentage of it
larger_dose | "last" | at which end of the day the larger doses are; else the drug's own, else the last
change_day | "Mon to Thu" | on which weekdays a new dose may begin; a step that would begin on another waits
cut_order | ["14:00", "08:00", "20:00"] | which time is lowered first; else the one whose absence leaves the shortest longest gap
quantity | "100 tablets of 5 mg" | what the prescriber says is to be handed over in all; steps that contradict it are stopped
follows | "label" | the name of the drug's cited taper that the pace is held against; else all of them
""",
    ),
    Section(
        heading="`[patient]`",
        record=_PatientTable,
        words="Needed for labels.",
        keys="""
name | "Ada Example" | as on the label
born | 1961-04-02 | date of birth
address | "1 High Street, Springfield" | as on the label
egfr | "45 mL/min" | the kidneys' function, also per 1.73 m2; asked about for a drug that they clear, never printed on a label
""",
    ),
    Section(
        heading="`[prescriber]`",
        record=Prescriber,
        words="Needed for labels.",
        keys="""
name | "Dr B. Example" | as on the label
phone | "555 0100" | whom the pharmacy calls
""",
    ),
    Section(
        heading="`[[step]]`",
        record=_StepTable,
        words="Days with one dose, one table after the other: `daily` or `doses`.",
        keys="""
daily | "60 mg" | the day's dose; `"0 mg"` is a pause
doses | ["20 mg", "15 mg", "20 mg"] | the dose of each time instead
for | "2 weeks" | how long
range | ["50 mg", "60 mg"] | the least and the most that the prescriber allows a day
""",
    ),
    Section(
        heading="`[taper]`, or phases `[[taper]]`",
        record=_PhaseTable,
        words="A rule in place of steps. A phase begins with the dose with which the one before ended.",
        keys="""
from | "60 mg" | the first daily dose, in the first phase
reduce | "10 %" | by how much each step is lower: an amount, a percentage of the current dose, or `"10 % of start"`; a range: `"10 % to 20 %"`
every | "2 weeks" | how long each step is; a range: `"2 to 4 weeks"`
over | "12 weeks" | in place of one of the two: how long all steps together are
to | "40 mg" | the dose whose step ends the phase
last | "4.5 mg" | the smallest dose before nothing
hold | "2 weeks" | how much longer the last step of the phase is
round | "tablets" | what doses are rounded to: what products give evenly, or multiples of `grid`
round_within | "5 %" | how far from the exact dose, and never more than half of what the rule takes off
grid | "0.5 mg" | what finer doses are multiples of
finish | "26 to 40 weeks" | with a range, in the last phase: how long the whole taper may be
""",
    ),
    Section(
        heading="`[[at_home]]`",
        record=AtHome,
        words="What the patient has of a product; it is used first and costs nothing. Each product once.",
        keys="""
product | "baclofen-10mg-tablet" | its id, as `splitter formulary show` names it
units | 13 | whole units, or compounded capsules
halves | 1 | fragments
thirds | 2 | the same
quarters | 1 | the same
volume | "42 mL" | of a liquid
use_by | 2026-12-20 | the last day on which it may be used; needed for what has a shelf life
""",
    ),
    Section(
        heading="`[amendment]`",
        record=Amendment,
        words="Written by `splitter amend`; it names the files that this one replaces.",
        keys="""
number | 1 | which amendment it is
plan | "3a25453e01ecf4bd98d704d569ff4398fffe11b7b730fdeb393e6e15d0c9b608" | SHA-256 of the plan's file before
prescription | "3a25453e01ecf4bd98d704d569ff4398fffe11b7b730fdeb393e6e15d0c9b608" | SHA-256 of the prescription's file before
change | "held 2 weeks longer" | how the taper was changed
reason | "spasms" | why
by | "Dr B. Example" | who decided it
""",
    ),
    Section(
        heading="`[policy]`, of a pharmacy or a prescription",
        record=Policy,
        words="Each key of a prescription replaces the pharmacy's, but `exclude`, which adds to it. The defaults are those of a "
        "pharmacy that states nothing; the built-in one states some of them otherwise.",
        keys="""
visit_interval | "28 days" | how long between visits
split | "scored" | which tablets may be cut: none, by the score, all into halves too, all into halves and quarters too; thirds stay thirds
cutting | "hand" | what tablets are broken with, by which the precision of their parts is reckoned
resolve | "95 %" | how sure it must be that a day on a step delivers less than one on the step before: parts of tablets and volumes that are too inexact for a step are ruled out there; 0 asks for nothing
max_pieces | 6 | the most pieces at one time of the day
division | "path" | how a day is divided over its times: clinically, before any cost, or freely
evenness | "40 %" | the largest difference between a day's doses that counts as even, of the mean dose
every_time | false | whether each time gets something wherever that can be done
fine | "phase" | liquids and compounded products only where tablets can't, one form at a time; or freely
form_change | "21 days" | how many days of measuring a change between tablets and measuring counts as
max_supply | "60 days" | how long one bottle or batch may serve
max_supply_controlled | "28 days" | the same for a controlled drug
spare | "2 days" | how far each hand-over reaches beyond the next visit; never of a controlled drug
max_imbalance | "5 mg" | with a free division, the largest difference between a day's doses; else the drug's own
liquids | "allow" | whether liquids may be used
compounded | true | whether anything may be compounded
compounded_strengths | 2 | how many strengths of compounded capsules a plan may have that are chosen out of recipes of several, 0 for none; they are chosen where the path divides the day, one form and one liquid at a time
one_liquid | true | at most one liquid in a plan
max_volume | "20 mL" | the largest volume at one time
min_volume | "0.2 mL" | the smallest
min_share | "5 %" | the least of a dose that a volume beside tablets gives
max_products | 4 | the most products of a plan; 0: no bound
exclude | ["baclofen-20mg-tablet"] | products that are not used
syringes | ["1 mL by 0.02 mL"] | the oral syringes at hand, capacity and graduation
prefer | "simple" | whether handling weighs beside money
split_burden | "0.20" | money per cut piece that is given, never paid; else as `prefer` says
piece_burden | "0.10" | the same per piece
measure_burden | "0.25" | the same per measured volume
""",
    ),
    Section(
        heading="Pharmacy: `[pharmacy]`",
        record=_Identity,
        words="Printed on labels and sheets.",
        keys="""
name | "Example Pharmacy" | as on the label
address | "2 High Street, Springfield" | as on the label
phone | "555 0199" | as on the label
licence | "PH-0001" | on the sheets
currency | "USD" | of all its costs
""",
    ),
    Section(
        heading="`[costs]`",
        record=Costs,
        words="What isn't stated is the built-in pharmacy's, where the currency is the same.",
        keys="""
item_fee | "10.51" | for each item handed over
split_fee | "0.10" | for each unit that is cut
batch_fee | "5.00" | for each batch that is compounded
labour_rate | "30.00" | for an hour at the bench
source | "our own books of 2026" | where they come from
""",
    ),
    Section(
        heading="`[compounding]`",
        record=Compounding,
        words="What isn't stated is the built-in pharmacy's.",
        keys="""
evidence | "accepted" | whether published studies may give a later beyond-use date than USP <795>
first_day | 0 | which day of a shelf life the day of compounding is
balance_readability | "1 mg" | the finest that the balance reads
balance_minimum | "120 mg" | the least that it weighs well
source | "the balance's certificate" | where they come from
""",
    ),
    Section(
        heading="Formulary: the head of the file",
        record=Head,
        words="One file for each drug. Facts have a `source`, how sure they are, and the day on which they were read.",
        keys="""
source | "label of the tablets, DailyMed" | where the head's facts were read
certainty | "label" | how sure they are
checked | 2026-11-20 | the day on which they were read
drug | "baclofen" | its name
replaces_built_in | true | whether this file takes the built-in one's place, in the configuration directory
max_daily | "80 mg" | the labelled maximum of a day
max_imbalance | "5 mg" | with a free division, the largest difference between a day's doses
larger_dose | "last" | at which end of the day the larger doses are
larger_dose_source | "its label" | where that was read
larger_dose_certainty | "secondary" | how sure it is
larger_dose_checked | 2026-11-20 | the day on which it was read
taper_end | "0.5 mg" | the smallest daily dose of its tapers
taper_end_source | "a guideline" | where that was read
taper_end_certainty | "secondary" | how sure it is
taper_end_checked | 2026-11-20 | the day on which it was read
cautions | ["May make you drowsy."] | for labels, the most important first
currency | "USD" | of the file's prices
country | "US" | where its products are sold
salt | "hydrochloride" | what the strengths are of, where not of the drug itself
""",
    ),
    Section(
        heading="Every product: `[[tablet]]`, `[[capsule]]`, `[[packet]]`, `[[liquid]]`, `[[recipe]]`",
        record=ProductTable,
        words="What all of them may say.",
        keys="""
source | "label, DailyMed" | where its facts were read
certainty | "label" | how sure they are
checked | 2026-11-20 | the day on which they were read
id | "baclofen-10mg-tablet" | its name in plans and policies
name | "baclofen 10 mg tablet" | what a label calls it; else made from what is known
available | true | whether it can be had
storage | "20 to 25 °C" | how it is kept
illustrative | false | whether its price is only an estimate
price_date | 2026-11-20 | the day that the price is of
price_source | "our wholesaler" | where the price comes from
ndc | ["0172-4096-60"] | codes of its packages, United States
dmd | ["39732311000001104"] | the same, United Kingdom
salt | "hydrochloride" | what the strength is of
family | "by fifteens" | products of different families never go into one plan
maker | "Example Laboratories" | who makes it
container | "amber bottle" | what it is kept in
""",
    ),
    Section(
        heading="`[[capsule]]`, `[[packet]]`, and what a `[[tablet]]` has too",
        record=UnitTable,
        inherited=ProductTable,
        words="Whole units; capsules and packets are never split.",
        keys="""
strength | "10 mg" | of one unit
do_not_split_reason | "extended release" | why it stays whole
price | "0.03351" | of one unit, counted out of a stock bottle
packs | [{ count = 84, price = "1.20" }] | whole packs instead
stock | 400 | what is on the shelf; shown, no limit for plans
""",
    ),
    Section(
        heading="`[[tablet]]`",
        record=TabletTable,
        inherited=UnitTable,
        words="",
        keys="""
pieces | 2 | the functional score: into how many equal parts it breaks
score_certainty | "label" | how sure the score is, where that differs
do_not_split | false | whether it must stay whole, whatever the policy says
""",
    ),
    Section(
        heading="`[[liquid]]`, marketed",
        record=LiquidTable,
        inherited=ProductTable,
        words="In `bottles`, or `poured` out of a stock bottle.",
        keys="""
concentration | "25 mg/5 mL" | as marketed
bottles | [{ volume = "120 mL", price = "48.00" }] | whole sealed bottles
in_use | "60 days" | how long one keeps once it is open; else without limit
poured | { price = "0.056", step = "5 mL" } | repackaged instead
keeps | "60 days" | how long what was poured keeps
overage | "5 %" | how much more is handed over, for what draws lose
shake | true | whether it must be shaken
form | "solution" | suspension or solution; else by `shake`
stock | "946 mL" | what is on the shelf
""",
    ),
    Section(
        heading="`[[recipe]]`, compounded",
        record=RecipeTable,
        inherited=ProductTable,
        words="Amounts are volumes, for capsules counts; ingredients are for 100 mL or 100 capsules.",
        keys="""
form | "suspension" | suspension, solution or capsule
concentration | "5 mg/mL" | of a liquid
strength | "9 mg" | of a capsule
concentrations | ["1 mg/mL", "5 mg/mL"] | of a liquid that may be made in each of them; the amounts are for the first, what has `active` scales
strengths | "0.5 mg to 30 mg by 0.5 mg" | of capsules that may be made in any of them, also as a list; the amounts are for the first, what has `active` scales, what is `to_volume` gives way by weight
beyond_use | "35 days" | how long it keeps
beyond_use_basis | "USP <795>" | why
category | "aqueous non-preserved" | which of USP <795>'s categories it is
monograph | { beyond_use = "90 days", source = "a monograph" } | a monograph's own date
published | [{ stable = "60 days", vehicle = "a syrup", temperature = "2 to 8 °C" }] | studies of this formula
vehicle | "a suspending vehicle" | what it is made up with
shake | true | whether it must be shaken; else a suspension must
labour | "30 min" | the time of one batch
step | "2 mL" | batches are multiples of this
min | "30 mL" | the smallest batch
max | "500 mL" | the largest
overage | "5 %" | how much more is made
containers | [{ volume = "60 mL", price = "0.80" }] | what it is handed over in
ingredients | [{ name = "baclofen 10 mg tablets", amount = "50", unit = "tablet", price = "0.03351" }] | what goes into it
method | ["Crush the tablets.", "Add the vehicle."] | how it is made, step by step
equipment | ["mortar and pestle"] | what is needed
quality_checks | [{ check = "appearance", expected = "white, even" }] | what is looked at before it goes out
""",
    ),
    Section(
        heading="An ingredient of `ingredients`",
        record=Ingredient,
        words="One with a `dilution` is a trituration, which is made for each batch.",
        keys="""
name | "baclofen 10 mg tablets" | as on the worksheet
amount | "50" | for 100 mL or 100 capsules
unit | "tablet" | of the amount
price | "0.03351" | of one unit
active | "10 mg" | the drug that one unit holds
to_volume | true | whether it brings the batch to its volume, or fills the capsules; the amount is more than enough then
keeps | "90 days" | the least life that it still has when it is used
expires | "2027-06" | the last day of the one in stock, and of what is made with it
dilution | "1 in 10" | powder in the whole, by mass
powder | "baclofen" | what is diluted
diluent | "lactose" | with what
salt_factor | "1.2" | the mass of powder that holds 1 of the drug
""",
    ),
    Section(
        heading="A study of `published`",
        record=Study,
        words="",
        keys="""
source | "a journal, doi" | where it was read
certainty | "secondary" | how sure it is
checked | 2026-11-20 | the day on which it was read
stable | "60 days" | how long it was shown to keep
vehicle | "a suspending vehicle" | in what
container | "amber plastic" | in which container; without it the study never lengthens a date
temperature | "2 to 8 °C" | kept how
antimicrobial_tested | false | whether it also showed that microbes don't grow
""",
    ),
    Section(
        heading="The `monograph` of a recipe",
        record=Monograph,
        words="",
        keys="""
source | "a compendium" | where it was read
certainty | "secondary" | how sure it is
checked | 2026-11-20 | the day on which it was read
beyond_use | "90 days" | the limit that it sets
""",
    ),
    Section(
        heading="A check of `quality_checks`",
        record=QualityCheck,
        words="",
        keys="""
check | "appearance" | what is looked at
expected | "white, even" | what it should show
""",
    ),
    Section(
        heading="A caution of `cautions`",
        record=Caution,
        words="A caution without `forms` may be a text alone.",
        keys="""
text | "Swallow whole." | a plain sentence
forms | ["tablet"] | for which forms it holds; else for all
""",
    ),
    Section(
        heading="`[[taper]]` of a formulary",
        record=TaperAdvice,
        words="A cited way to taper, in its source's words; `splitter new` and `splitter check` show them.",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
name | "label" | what it is called
rate | "at most 10 %" | by how much
interval | "2 to 4 weeks" | how often
note | "More slowly toward the end." | what else it says
paces | [{ above = "20 mg", most = "2 mg" }, { most = "1 mg" }] | in figures the most that a dose may be lowered, from the largest doses down
within | "1 week" | within how long it may be lowered by so much
in_all | "2 weeks" | how long a whole taper takes at the least
""",
    ),
    Section(
        heading="A pace of `paces`",
        record=Pace,
        words="Without `most` the source has no figure for these doses.",
        keys="""
most | "10 %" | by how much at the most, of the dose, of the first dose, or in mg
above | "20 mg" | for doses above this, or above a percentage of the first
""",
    ),
    Section(
        heading="`[limits]`",
        record=DoseLimits,
        words="What the labels say of doses beside `max_daily`.",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
max_single | "16 mg" | the labelled maximum of one dose
usual_daily | "60 mg" | the largest daily dose that labels usually begin with, where there is no fixed maximum
""",
    ),
    Section(
        heading="`[half_life]`",
        record=HalfLife,
        words="",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
from | "2 h" | the shortest in adults
to | "4 h" | the longest in adults
once_a_day | true | its labels give it once a day all the same
""",
    ),
    Section(
        heading="`[stopping]`",
        record=Stopping,
        words="",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
unsafe_above | "6 mg" | the daily dose from above which it isn't stopped at once
after | "4 weeks" | after a treatment of this length or longer
""",
    ),
    Section(
        heading="`[[kidney]]`",
        record=KidneyAdvice,
        words="What one source says of a range of kidney function; each source by itself.",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
name | "US label" | the source in a word
below | "30 mL/min" | the function under which it holds
advice | "half the dose" | what it says, in its words
""",
    ),
    Section(
        heading="`[withdrawal]`",
        record=Withdrawal,
        words="In plain sentences for the patient.",
        keys="""
source | "its label" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
signs | ["Fever."] | of withdrawal
emergency | ["Call for help."] | when to call for help
""",
    ),
    Section(
        heading="`[control]`",
        record=Control,
        words="A controlled substance.",
        keys="""
source | "21 CFR 1308" | where it was read
certainty | "label" | how sure it is
checked | 2026-11-20 | the day on which it was read
schedule | "IV" | of the country's law
""",
    ),
    Section(
        heading="A pack of `packs`",
        record=PackTable,
        words="",
        keys="""
count | 84 | the units in it
price | "1.20" | what it costs
""",
    ),
    Section(
        heading="A bottle of `bottles`",
        record=BottleTable,
        words="",
        keys="""
volume | "120 mL" | what it holds
price | "48.00" | what it costs
""",
    ),
    Section(
        heading="`poured`",
        record=PouredTable,
        words="",
        keys="""
price | "0.056" | of 1 mL
step | "5 mL" | what is poured is a multiple of this
containers | [{ volume = "60 mL", price = "0.80" }] | what it is poured into
""",
    ),
    Section(
        heading="A container of a recipe's `containers`",
        record=ContainerTable,
        words="For liquids a volume, for capsules a count.",
        keys="""
volume | "60 mL" | what it holds
count | 60 | how many capsules it holds
price | "0.80" | what it costs
""",
    ),
)

_KINDS: tuple[tuple[object, str], ...] = (
    (Days, "duration"),
    (DaysFromZero, "duration, from 0"),
    (Hours, "minutes or hours"),
    (Share, "percentage"),
    (Chance, "percentage, or a number from 0 to 1"),
    (SomeMass, "mass above 0"),
    (Mass, "mass"),
    (SomeVolume, "volume above 0"),
    (Volume, "volume"),
    (Concentration, "mass per volume"),
    (VolumeOrCount, "volume or count"),
    (Strengths, "masses"),
    (AmountOrShare, "mass or percentage"),
    (Money, "money"),
    (Currency, "currency"),
    (Clock, "time"),
    (ChangeDays, "weekdays"),
    (StatedQuantity, "units, or mL"),
    (Clearance, "mL/min"),
    (OneReduction, "reduction"),
    (Number, "number as a text"),
    (LastDay, "date or month"),
    (bool, "true or false"),
    (int, "number"),
    (str, "text"),
    (date, "date"),
    (Reductions, "reduction, or a range"),
    (Lengths, "duration, or a range"),
)


def kind(hint: Any) -> str:
    """What may stand there, in a word."""
    for known, word in _KINDS:
        if hint == known:
            return word
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return kind(next(part for part in typing.get_args(hint) if part is not type(None)))
    if typing.get_origin(hint) is tuple:
        parts = typing.get_args(hint)
        return f"list of {kind(parts[0])}" if parts[-1] is Ellipsis else f"two of {kind(parts[0])}"
    if typing.get_origin(hint) is typing.Annotated:
        return kind(typing.get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ", ".join(f'`"{each.value}"`' for each in hint)
    return "syringe" if getattr(hint, "__name__", "") == "Syringe" else "table"


def default(hint: Any, field: dataclasses.Field[Any]) -> str:
    """What counts where the key is missing."""
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        return "needed"
    value = field.default
    if value is None or value == () or value == "" or (isinstance(value, Volume) and not value):
        return ""
    return f"`{_written(hint, value)}`"


def _written(hint: Any, value: Any) -> str:
    """A default as the file would state it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, enum.Enum):
        return f'"{value.value}"'
    if isinstance(value, Fraction) and hint == Chance:
        return format_exact(value)
    if isinstance(value, Fraction):
        return f'"{format_exact(value * 100)} %"' if hint == Share else f'"{format_exact(value)} min"'
    if isinstance(value, int):
        return f'"{counted(value, "day")}"' if hint in (Days, DaysFromZero) else str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{each.text}"' for each in value) + "]"
    return f'"{value}"'


def page() -> str:
    """The whole page."""
    return WORDS.read_text(encoding="utf-8").replace(KEYS, "\n".join(map(_table, SECTIONS)))


def _table(section: Section) -> str:
    meanings = section.meanings()
    rows = ["| key | what may stand there | default | example | meaning |", "|---|---|---|---|---|"]
    for name, hint, field in section.fields():
        example, meaning = meanings[name]
        cells = (f"`{name}`", kind(hint), default(hint, field), f"`{example}`", meaning)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join((f"## {section.heading}\n", *([f"{section.words}\n"] if section.words else []), *rows, ""))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
