"""The alternatives to a plan in words for the terminal: a table, what each setting would say, what can't be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from splitter.cli.show import reasons, sections, wrapped
from splitter.plan import Plan, Status
from splitter.service import Comparison, Measures, stops
from splitter.wording.figures import listing, money, number

_HEADINGS = (
    ("", "days to", "days with", "changes of", "", "contain-", "", "bench"),
    ("total", "measure", "cut pieces", "form", "strength", "ers", "labels", "dates"),
)
_WIDTHS = (10, 9, 12, 12, 10, 10, 8, 7)
_NAME = 32
_NOT_MADE = "can't be made"
_UNSURE = frozenset({"illustrative-price", "unverified-fact"})


def comparison(compared: Comparison) -> str:
    """All that helps to choose."""
    first = compared.alternatives[0]
    return sections(
        [f"{compared.number}, {compared.drug}: the ways to fill it, side by side"],
        _table(compared),
        _legend(compared),
        _remarks(compared),
        _settings(compared),
        reasons(first.plan, f"Why each product is in the mix, {first.name}") if first.plan is not None else (),
        _unsure(compared),
        _stops(compared),
    )


def _table(compared: Comparison) -> Iterator[str]:
    top, bottom = _HEADINGS
    yield _row("", (compared.currency, *top[1:]))
    yield _row("", bottom)
    for each in compared.alternatives:
        name = f"{'*' if each.is_trade_off and not each.same_as else ' '} {each.name}"
        if each.same_as is not None:
            yield f'{name:<{_NAME}}   the same plan as "{each.same_as}"'
        elif each.measures is None:
            yield f"{name:<{_NAME}}   {_NOT_MADE if each.plan else each.message}"
        else:
            yield _row(name, _figures(each.measures, compared.currency))


def _row(name: str, texts: Iterable[str]) -> str:
    return f"{name:<{_NAME}}" + "".join(f"{text:>{width}}" for text, width in zip(texts, _WIDTHS, strict=True)).rstrip()


def _figures(measures: Measures, currency: str) -> Iterator[str]:
    yield money(measures.total, currency).removeprefix(currency).strip()
    yield number(measures.measured_days)
    yield number(measures.cut_days)
    yield number(measures.form_changes)
    yield number(measures.strength_changes)
    yield number(measures.containers)
    yield number(measures.labels)
    yield number(measures.bench_dates)


def _legend(compared: Comparison) -> Iterator[str]:
    """What the columns and the star mean."""
    yield from wrapped(
        "Changes: steps that begin with other forms (tablets, measured doses, compounded capsules), or with other "
        "strengths of the same. Containers: the most that are taken from on one day. Labels: the containers handed "
        "over in all, each with its own. Bench dates: days on which something is compounded.",
        0,
    )
    yield from wrapped(
        "* a trade-off: nothing else shown is both as cheap and as easy to handle. A piece counts 1, a split one 3, "
        "a measured volume 2.5.",
        0,
    )
    most = money(compared.handling_price, compared.currency)
    shown = "all such plans" if compared.all_trade_offs else "some of such plans"
    yield from wrapped(
        f"At a price a piece: the best plan where handling costs so much; {shown} up to {most} are shown, in whole "
        "cents. Trade-offs that are the best at no price are not looked for.",
        0,
    )


def _remarks(compared: Comparison) -> Iterator[str]:
    """Why some can't be made, and which plans were not proved."""
    names: dict[str, list[str]] = {}
    for each in compared.alternatives:
        if each.message is not None:
            names.setdefault(each.message, []).append(each.name)
        elif each.same_as is None and each.plan is not None and each.plan.status is Status.FEASIBLE:
            names.setdefault(f"stopped early, {_room(each.plan)}", []).append(each.name)
    for message, group in names.items():
        yield from wrapped(f"{listing(group)}: {message}.", 0, 2)


def _room(plan: Plan) -> str:
    assert plan.objective is not None
    assert plan.lower_bound is not None
    return f"a plan that is better by up to {money(plan.objective - plan.lower_bound, plan.currency)} may exist"


def _settings(compared: Comparison) -> Iterator[str]:
    """How each would be asked for."""
    chosen = [each for each in compared.alternatives if each.settings and each.measures and each.same_as is None]
    if chosen:
        yield "To get one, write under [policy] of the prescription"
    for each in chosen:
        for place, setting in enumerate(each.settings):
            yield f"  {'' if place else each.name:<{_NAME}} {setting.key} = {setting.value}"


def _unsure(compared: Comparison) -> Iterator[str]:
    """On what each plan rests that nobody published or verified."""
    told: dict[str, list[str]] = {}
    for each in compared.alternatives:
        for finding in each.plan.findings if each.plan is not None and each.same_as is None else ():
            if finding.code in _UNSURE:
                told.setdefault(finding.message, []).append(each.name)
    for message, names in told.items():
        yield from wrapped(f"{listing(names)}: {message}.", 0, 2)


def _stops(compared: Comparison) -> Iterator[str]:
    """What a check stops, and in which of the plans."""
    stopped: dict[tuple[str, str, str], list[str]] = {}
    for each in compared.alternatives:
        for finding in stops(each.plan) if each.plan is not None and each.same_as is None else ():
            stopped.setdefault((finding.where, finding.message, finding.code), []).append(each.name)
    for (where, message, code), names in stopped.items():
        yield from wrapped(f"STOP, {where}: {message} ({code}); in {listing(names)}", 0, 2)
