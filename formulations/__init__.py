"""What exists: one file per drug with its products, recipes and limits, the built-in pharmacy, and how exact doses are.

These are reviewed facts, each with its source, how sure it is and the day it was checked. The readers are
in `splitter.formulary` and `splitter.prescription`; this package only hands out the texts.
"""

from importlib.resources import files

_DRUGS = files(__name__) / "drugs"


def drugs() -> tuple[str, ...]:
    """The names of the drugs on offer, in order. A hyphen in a file's name is a space in the drug's.

    >>> "baclofen" in drugs(), "metoprolol tartrate" in drugs()
    (True, True)
    """
    files_of_drugs = (entry.name for entry in _DRUGS.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml").replace("-", " ") for name in files_of_drugs))


def drug(name: str) -> str:
    """The text of one drug's file. Raises KeyError for a drug that is not on offer."""
    if name not in drugs():
        raise KeyError(name)
    return (_DRUGS / f"{name.replace(' ', '-')}.toml").read_text(encoding="utf-8")


def pharmacy() -> str:
    """The text of the built-in pharmacy's file, with realistic costs."""
    return (files(__name__) / "pharmacy.toml").read_text(encoding="utf-8")


def precision() -> str:
    """The text of the file that says how exactly pieces, volumes and preparations give the dose they stand for."""
    return (files(__name__) / "precision.toml").read_text(encoding="utf-8")
