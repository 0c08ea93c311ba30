"""TOML and JSON to records and back, by the fields' types; every fault of a text at once. Home of cattrs.

`values` says how one value is read, `converters` how a record is, `partial` what of
one with faults, `files` how a whole text is, `places` and `json_places` on which line something stands.
"""

from splitter.codec.files import TomlReader, digest, fields_of, from_json, record_of, to_json
from splitter.codec.input import read_file
from splitter.codec.json_places import json_lines, with_lines
from splitter.codec.partial import UnreadError, partial
from splitter.codec.places import lines_of
from splitter.codec.tables import from_toml, to_toml
from splitter.codec.values import (
    Chance,
    Clearance,
    Clock,
    Currency,
    DayDifference,
    Days,
    DaysFromZero,
    Difference,
    Hours,
    LastDay,
    Number,
    Ratio,
    Reads,
    Share,
    SomeMass,
    SomeVolume,
    above_zero,
    alone,
    from_text,
    key,
    shown,
    whole,
)

__all__ = [
    "Chance",
    "Clearance",
    "Clock",
    "Currency",
    "DayDifference",
    "Days",
    "DaysFromZero",
    "Difference",
    "Hours",
    "LastDay",
    "Number",
    "Ratio",
    "Reads",
    "Share",
    "SomeMass",
    "SomeVolume",
    "TomlReader",
    "UnreadError",
    "above_zero",
    "alone",
    "digest",
    "fields_of",
    "from_json",
    "from_text",
    "from_toml",
    "json_lines",
    "key",
    "lines_of",
    "partial",
    "read_file",
    "record_of",
    "shown",
    "to_json",
    "to_toml",
    "whole",
    "with_lines",
]
