"""What `splitter check` does with an answer: tells it, in words or in JSON, alone or beside others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from splitter.checks import CHECKS
from splitter.cli import show_check
from splitter.cli.options import Given
from splitter.cli.show_precision import how_exactly
from splitter.cli.streams import say
from splitter.codec import fields_of, to_json
from splitter.errors import Fault, InputError
from splitter.optimise import Limits
from splitter.prescription import read_lengths, read_reductions
from splitter.service import Answer, Inputs, Pace, Verdict, check_paces, delivered
from splitter.units import ReadError, quoted

_EVERY = " every "
_EXAMPLE = 'write by how much and how often, such as "10 % every 2 weeks" or "5 mg every 7 days"'


def answered(answer: Answer, inputs: Inputs, given: Given, *, full: bool) -> str:
    """The answer as it is printed; `inputs` are those it was asked of."""
    if given.as_json:
        return to_json({**fields_of(answer), "precision": list(delivered(answer.plan, inputs))})
    return show_check.full_answer(answer, how_exactly(answer.plan, inputs)) if full else show_check.first_screen(answer)


def listed(given: Given) -> str:
    """Every check as it is printed."""
    if not given.as_json:
        return show_check.every_check(CHECKS)
    rows: list[dict[str, Any]] = [
        {"code": each.code, "severity": each.severity.value, "asks": each.asks, "source": each.source}
        for each in CHECKS
    ]
    return to_json({"checks": rows})


def say_paces(order: Inputs, texts: Sequence[str], limits: Limits, given: Given) -> int:
    """Print the treatment at several paces side by side; 1 where none of them can be given as it stands."""
    asked = check_paces(order, _paces(texts), limits)
    say(to_json({"paces": list(asked)}) if given.as_json else show_check.side_by_side(asked))
    verdicts = {each.answer.verdict for each in asked if each.answer is not None}
    return 0 if Verdict.POSSIBLE in verdicts else 1


def _paces(texts: Sequence[str]) -> list[Pace]:
    """Raises InputError with every pace that can't be read."""
    faults, found = [], []
    for text in texts:
        amount, every, interval = text.partition(_EVERY)
        try:
            if not every:
                raise ReadError(quoted(text), _EXAMPLE)
            reductions, lengths = read_reductions(amount), read_lengths(interval)
            if reductions.least != reductions.most or lengths.least != lengths.most or reductions.most.share == 1:
                raise ReadError(quoted(text), _EXAMPLE)
            found.append(Pace(text=text, reduction=reductions.most, every=lengths.most))
        except ReadError as error:
            faults.append(Fault(file="", key="--pace", found=error.found, remedy=error.remedy))
    if faults:
        raise InputError(faults)
    return found
