"""TOML as plain tables, for a file that is written anew from another with some of its keys changed. Home of tomli_w."""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w


def from_toml(text: str) -> dict[str, Any]:
    """The tables of a text that was read before."""
    return tomllib.loads(text)


def to_toml(table: dict[str, Any]) -> str:
    """The same tables as a text; comments are not kept."""
    return tomli_w.dumps(table)
