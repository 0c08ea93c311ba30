"""The most that a file can say: every count, date, length and size, with its reason.

A file is typed by people and copied by machines, and both slip. What is beyond these bounds is a slip, or an attack; it
is refused when it is read, with the key and what may stand there, since nothing behind the door could do anything with
it but run out of time or memory. They are far above what a pharmacy needs: no bound here is a clinical one.
"""

from __future__ import annotations

MEGABYTE = 1_000_000

MOST_TOML = 2 * MEGABYTE
"""[bytes] of a prescription, pharmacy, formulary, overlay or stock file. A thousand steps are 0.1 MB, an overlay
with the prices of all products of a hundred drugs 1 MB."""

MOST_PLAN = 12 * MEGABYTE
"""[bytes] of a plan file. Ten years of steps of a few days each, with everything handed over, are 6 MB."""

MOST_PRICE_LIST = 24 * MEGABYTE
"""[bytes] of a published price list. A week of NADAC is 5 MB, a list of all packs of dm+d under 20."""

MOST_ROWS, MOST_COLUMNS = 250_000, 200
"""Of a published price list. A week of NADAC has 30,000 rows, dm+d fewer than 200,000 packs."""

MOST_FAULTS = 50
"""How many faults of an input are told one by one. Who mends fifty finds that most of the others had the same cause."""

MOST_STEPS = 1000
"""Steps of a prescription: ten years of a step every fourth day."""

MOST_PACES = 1500
"""Choices of paces that ranges may leave open: two phases of eleven percentages and three lengths are 1,089."""

MOST_DAYS = 3660
"""[days] ten years: of a prescription, between two visits, of a shelf life; nothing that is opened keeps longer."""

MOST_VISITS = 366
"""Visits of a prescription: a year of collecting every day. Each has papers of its own."""

MOST_TIMES = 6
"""Administration times of a day, for which the optimiser is built."""

YEARS = (1900, 2199)
"""The first and the last year of a date that a person writes: births and prices lie behind, prescriptions ahead."""

RECKONED_YEARS = (1900, 2299)
"""Those of a date in a plan, which may lie two spans of MOST_DAYS behind the last that was written."""

MOST_DEEP = 16
"""Parts of a dotted key; the deepest in any file of this program has four. Reading takes the square of it."""

MOST_KEY = 100
"""Characters of one key; the longest of this program has 22. Telling where it stands takes the square of it."""

MOST_LISTED = 2000
"""Entries of one list in a file that people write; a drug's packages and a recipe's steps are a few dozen."""

MOST_PLANNED = 100_000
"""Entries of one list in a plan: at most one hand-over a day of each of MOST_PRODUCTS."""

MOST_CHARACTERS = 500
"""Of one text that people write; a label and a sheet have room for no more."""

MOST_RX_NUMBER = 60
"""Characters of a prescription's number, which stands on every label in one piece; a UUID has 36."""

MOST_PLANNED_CHARACTERS = 20_000
"""Of one text in a plan, which may name all products, as the message of a finding does."""

MOST_PRODUCTS = 24
"""Products of a formulary, for which the optimiser is built."""

MOST_STRENGTHS = 64
"""Strengths that one recipe can state: 0.5 mg to 30 mg by half milligrams are 60."""

MOST_CHOSEN = 3
"""Strengths of compounded capsules that a policy can let one plan have; each can be taken for another."""

MOST_PIECES = 20
"""Pieces in one administration that a policy can allow; a patient who must swallow more is given another strength."""

MOST_SYRINGES = 20
"""Syringes of a policy; a pharmacy stocks four or five."""

MOST_UNITS = 100_000
"""Units in a pack or a container for capsules."""

MOST_SIZES = 30
"""Sizes of a product's packs, bottles or containers; a dozen are sold of the most common tablets."""

MOST_FILLED = 1_000_000
"""Needs for which the cheapest packs or bottles are worked out: multiples of what all sizes have in common."""

MOST_STOCK = 10_000_000
"""Units of a product on a pharmacy's shelf."""

MOST_COUNTED = 1_000_000
"""A whole number in a plan: ten years of twenty pieces six times a day are 440,000."""

MOST_CONTAINERS = 1000
"""Packs, bottles or containers handed over of one product on one date: each has a label of its own."""

MOST_BATCHES = 100
"""Batches of one product made on one date: each has a worksheet of its own."""

MOST_MASS = 1_000_000
"""[mg] one kilogram, for a dose, a strength or what a balance weighs."""

MOST_VOLUME = 100_000
"""[mL] a hundred litres, for a dose, a bottle, a batch or a shelf."""

MOST_CONCENTRATION = 10_000
"""[mg/mL] ten times that of water; no liquid that is swallowed is denser than two."""

MOST_CAPACITY = 100
"""[mL] of an oral syringe; the largest that are sold hold 60 mL."""

MOST_MARKS = 1000
"""Graduations of an oral syringe; the finest that are sold have a hundred."""

MOST_SWALLOWED = 200
"""[mL] a glass: the most that a policy can let one administration be."""

MOST_AGE = 125
"""Years from a patient's birth to the start: the longest life known took 122."""

MOST_CLEARANCE = 300
"""[mL/min] of the kidneys' function; a healthy young adult has 90 to 130."""

MOST_HOURS = 100
"""[h] of work on one batch."""

MOST_LENGTH = 2000
"""[mm] two metres, for a label, a margin or a page."""

MOST_NUMBER = 1_000_000
"""A number without a unit: the amount of an ingredient for 100 mL or 100 capsules, in tablets, g or mL."""

MOST_MONEY = 1_000_000_000
"""In any currency: a price, a fee, a burden."""

MOST_DIGITS = 60
"""Characters of an exact number in a plan: a fraction of two numbers that fit into the machine's integers has 40."""

MOST_EXACT = 10**15
"""An exact number in a plan, in whatever unit: the money of MOST_UNITS at MOST_MONEY."""
