"""One item's words shared out over labels; never cut, never in smaller type than the profile's.

A container has one label where that holds everything, else two; where two don't hold all directions, they have the
first dose, what follows it, and "then as your calendar and leaflet say". With `continued`, and on stock of which two
labels don't hold even that, all directions are printed, on as many numbered labels as they take. On every label stand
who it is for, what it is, its warning, its last day, the pharmacy's telephone and its barcode, as far as the stock has
room for them.

How it is done: `_wordings` are the ways to write the directions, `_Means` what is allowed to make them fit; `filling`
puts directions, then cautions, into labels, in a frame of what each has besides. Of all that come out, the cheapest by
`_price` is taken. What costs no label is then added: how the doses go down, larger type on large stock.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from splitter.errors import InputError
from splitter.labels.content import Content, Maker, Share
from splitter.labels.filling import (
    ADDITIONS,
    ALONE,
    BARE,
    FIRST,
    Frame,
    apart,
    filled,
    frames,
    most,
    parts_of,
    with_banner,
    with_bars,
)
from splitter.labels.setting import Setting
from splitter.wording import Direction, LabelText

# Labels of one container, unless they are continued.
_FEW = 2
_PARTICULARS = "number, quantity, prescriber and pharmacy"
# Doses of a day from which a list is worth one label more than a sentence.
_MANY = 4
# Type grows on stock that is taller than this [pt], by these factors.
_TALL = 200.0
_SCALES = (4 / 3, 7 / 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What is allowed to make words fit: these frames, a direction in parts, doses without their verb."""

    frames: tuple[Frame, ...]
    in_parts: bool = False
    terse: bool = False


# From what costs the reader least to what costs most; without frames, particulars are on labels of their own.
_BARRED, _UNBARRED = _Means(frames=frames()), _Means(frames=frames("bars"))
_PLAIN = (*frames("bars"), *frames("bars", "banner"))
_LAST = (
    replace(_UNBARRED, terse=True),
    replace(_UNBARRED, terse=True, in_parts=True),
    _Means(frames=_PLAIN, terse=True, in_parts=True),
    _Means(frames=(), terse=True, in_parts=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Labels that hold what was asked of them, and how their words were written."""

    maker: Maker
    shares: tuple[Share, ...]


def contents(
    containers: Sequence[LabelText], setting: Setting, *, continued: bool = False
) -> tuple[tuple[Content, ...], ...]:
    """What each label of each container of one item says: all containers share their words out in the same way.

    Raises InputError where a thing that can't be broken doesn't fit on a label by itself.
    """
    widest = max(containers, key=lambda label: sum(map(setting.secondary_width, (label.position, label.turn))))
    made = _enlarged(widest, _shared_out(widest, setting, continued=continued), setting, continued=continued)
    return tuple(_finished(_for_container(made, label), made.shares) for label in containers)


def _for_container(made: _Made, label: LabelText) -> Maker:
    """The maker of another container of the same item, which has its own place, content and barcode."""
    maker = made.maker
    if label.elements == maker.label.elements:
        return maker
    return Maker(label, maker.setting, listed=maker.listed)


def _shared_out(label: LabelText, setting: Setting, *, continued: bool) -> _Made:
    """The labels of one container. Raises InputError as `contents` does."""
    makers = [Maker(words, setting, listed=listed) for words, listed in _wordings(label)]
    whole = _on_one(makers[:-1])
    if whole and (whole.maker is makers[0] or not _is_long_list(makers[0])):
        return whole
    made = None if continued else _on_two(label, makers)
    made = made or _continued(label, makers)
    if made is None:
        raise _misfit(makers[0])
    return made


_Choice = Callable[[LabelText], tuple[Direction, ...]]
"""Which directions are said."""


def _continued(label: LabelText, makers: Sequence[Maker]) -> _Made | None:
    """All directions and sentences, on as few labels as hold them."""
    barred = replace(_BARRED, frames=(*_BARRED.frames, *_UNBARRED.frames), in_parts=True)
    for means in (barred, *_LAST[1:]):
        if made := _best(makers, means, _all_directions, (*label.conditions, *label.cautions)):
            return made
    return None


def _on_two(label: LabelText, makers: Sequence[Maker]) -> _Made | None:
    """The most that two labels hold.

    All of it, as a list where that has many doses; else the first dose with the next step, or alone. The last of the
    advice gives way first, and all of it before the next step does, which gives way before the bar code on the first
    label. Only where nothing else does, what the day takes of other containers is left to their labels.
    """
    every = (*label.conditions, *label.cautions)
    lists = makers[:1] if _is_long_list(makers[0]) else ()
    for tried, means in ((lists, _UNBARRED), (makers, _BARRED), (makers, _UNBARRED)):
        if made := _best(tried, means, _all_directions, every, _FEW):
            return made
    # Where not even the least can be done by all means, nothing else is tried.
    if not any(_with_advice(label, makers, means, _first_dose, 0) for means in _LAST):
        return None
    full = (_first_steps(2), _first_steps(1), _first_steps(1, begins=False))
    for choices in (full, (_first_dose,)):
        for means, chosen in product((_BARRED, _UNBARRED, *_LAST), choices):
            if made := _with_most_advice(label, makers, means, chosen):
                return made
    return None


def _with_most_advice(label: LabelText, makers: Sequence[Maker], means: _Means, chosen: _Choice) -> _Made | None:
    """These directions with as much of the advice as two labels hold beside them, the first of it first."""
    found: dict[int, _Made | None] = {0: _with_advice(label, makers, means, chosen, 0)}

    def holds(kept: int) -> bool:
        found[kept] = _with_advice(label, makers, means, chosen, kept)
        return found[kept] is not None

    return found[most(len(label.advice), holds)] if found[0] else None


def _with_advice(label: LabelText, makers: Sequence[Maker], means: _Means, chosen: _Choice, kept: int) -> _Made | None:
    """These directions with the first `kept` of the advice, all other cautions, and where the rest of them is."""
    left_out = label.advice[kept:]
    said = (caution for caution in label.cautions if caution not in left_out)
    more = (label.more_cautions,) if left_out else ()
    return _best(makers, means, chosen, (*label.conditions, *said, *more), _FEW)


def _best(
    makers: Sequence[Maker], means: _Means, chosen: _Choice, sentences: tuple[str, ...], limit: float = math.inf
) -> _Made | None:
    """The cheapest way to print these words by these means, on at most so many labels; None where there is none."""
    made = _every_way(makers, means, (chosen, sentences), limit)
    allowed = (each for each in made if len(each.shares) <= limit and (limit == math.inf or _begins_with_dose(each)))
    return min(allowed, key=_price, default=None)


def _begins_with_dose(made: _Made) -> bool:
    """Whether the first label has a dose, if any has."""
    first, *others = (any(direction.doses for direction in share.directions) for share in made.shares)
    return first or not any(others)


def _all_directions(label: LabelText) -> tuple[Direction, ...]:
    return label.directions


def _first_steps(count: int, *, begins: bool = True) -> _Choice:
    """The first dose with `count` - 1 steps after it, each with what is stopped then, and where to read on.

    With `begins`, it is also said before which day there is no dose.
    """

    def chosen(label: LabelText) -> tuple[Direction, ...]:
        dosed = next((place for place, each in enumerate(label.directions) if each.doses), 0)
        steps = [place for place, each in enumerate(label.directions) if each.day and place >= dosed]
        end = steps[count] if len(steps) > count else len(label.directions)
        said, rest = label.directions[dosed:end], label.directions[end:]
        first, *others = (direction.shortened for direction in said)
        return (first, *(label.start if begins else ()), *others, *((label.then,) if rest else ()))

    return chosen


def _first_dose(label: LabelText) -> tuple[Direction, ...]:
    """The first dose in the fewest words: other containers by their names alone, and where to read on."""
    first = next((each for each in label.directions if each.doses), label.directions[0])
    others = tuple(replace(other, doses=()) for other in first.others)
    rest = (label.then,) if len(label.directions) > 1 else ()
    return (replace(first, others=others), *rest)


def _every_way(
    makers: Sequence[Maker], means: _Means, words: tuple[_Choice, tuple[str, ...]], limit: float
) -> Iterator[_Made]:
    """Each way to write these words and to frame them that holds them; without frames, apart from the particulars."""
    chosen, sentences = words
    for maker in makers if means.terse else [each for each in makers if each.label.directions[0].verb]:
        said = chosen(maker.label), sentences
        tries = (filled(maker, frame, said, in_parts=means.in_parts, limit=limit) for frame in means.frames)
        for shares in tries if means.frames else (apart(maker, *said),):
            if shares:
                yield _Made(maker=maker, shares=shares)


def _price(made: _Made) -> tuple[int, ...]:
    """What is to be least: the labels, of which a long list has one for nothing; a first label without a dose, or
    without what must not be overlooked; what is left unsaid; what else left the first label."""
    first = made.shares[0]
    left = (not first.banner, not first.bars, not first.purpose)
    said = [direction for share in made.shares for direction in share.directions]
    brevity = sum(bool(direction.alone) + (not direction.verb) for direction in said)
    return len(made.shares) - _is_long_list(made.maker), not _begins_with_dose(made), left[0], brevity, *left[1:]


def _is_long_list(maker: Maker) -> bool:
    """Whether there is a line for each of so many doses that a sentence of them is hard to follow."""
    return maker.listed and any(len(direction.doses) >= _MANY for direction in maker.label.directions)


def _wordings(label: LabelText) -> Iterator[tuple[LabelText, bool]]:
    """The ways to write the directions, the fullest first: a line for each dose, running text, in brief, bare."""
    if any(len(direction.doses) > 1 for direction in label.directions):
        yield label, True
    yield label, False
    yield replace(label, directions=label.brief), False
    yield replace(label, directions=tuple(direction.bare for direction in label.brief)), False


def _on_one(makers: Sequence[Maker]) -> _Made | None:
    """All of it on one label, if that holds it; with the bar code in fewer words, rather than without it in more."""
    for first in (FIRST, replace(FIRST, bars=False)):
        # The last of them, which has the fewest words, is asked first: mostly it has no room for bars either.
        if first.bars and not makers[-1].fits(_whole(makers[-1].label, first), ALONE):
            continue
        for maker in makers:
            whole = _whole(maker.label, first)
            if maker.fits(whole, ALONE):
                return _Made(maker=maker, shares=(whole,))
    return None


def _whole(label: LabelText, first: Share) -> Share:
    """All words of a label, beside what the first one has."""
    return replace(first, directions=label.directions, cautions=(*label.conditions, *label.cautions))


def _misfit(maker: Maker) -> InputError:
    """The error of words that don't fit: of the first direction that is too long, or of all the rest."""
    too_long = (direction.text for direction in maker.label.directions if not parts_of(maker, BARE, direction))
    return maker.setting.misfit(f"items.{maker.label.index}", next(too_long, _PARTICULARS))


def _enlarged(label: LabelText, made: _Made, setting: Setting, *, continued: bool) -> _Made:
    """The same in larger type, where the stock is tall and it needs no more labels and leaves nothing out."""
    if setting.stock.high < _TALL:
        return made
    for scale in _SCALES:
        try:
            larger = _shared_out(label, replace(setting, scale=scale), continued=continued)
        except InputError:
            continue
        if _said(larger) == _said(made) and _price(larger) <= _price(made):
            return larger
    return made


def _said(made: _Made) -> tuple[int, int]:
    """How many dated directions and sentences are said."""
    dated = {direction.dates for share in made.shares for direction in share.directions}
    return len(dated), sum(len(share.cautions) + len(share.apart) for share in made.shares)


def _finished(maker: Maker, shares: Sequence[Share]) -> tuple[Content, ...]:
    """The labels, each with what else it has room for."""
    places = [(number, len(shares)) for number in range(1, len(shares) + 1)]
    for share, place in zip(shares, places, strict=True):
        if not maker.fits(share, place):
            words = f"label {place[0]} of {place[1]}"
            raise maker.setting.misfit(f"items.{maker.label.index}", words)
    full = [_filled(maker, share, place) for share, place in zip(shares, places, strict=True)]
    _add_once(maker, full, places, with_bars, lambda share: share.bars)
    _add_once(maker, full, places, with_banner, lambda share: share.banner)
    _add_course(maker, full, places)
    return tuple(maker.content(share, place) for share, place in zip(full, places, strict=True))


def _filled(maker: Maker, share: Share, place: tuple[int, int]) -> Share:
    for add in ADDITIONS:
        more = add(share)
        if more != share and maker.fits(more, place):
            share = more
    return share


def _add_once(
    maker: Maker,
    full: list[Share],
    places: Sequence[tuple[int, int]],
    add: Callable[[Share], Share],
    has: Callable[[Share], bool],
) -> None:
    """What stands on one label of a container: where none has it yet, on the first that has room for it."""
    if any(map(has, full)):
        return
    for number, place in enumerate(places):
        if maker.fits(add(full[number]), place):
            full[number] = add(full[number])
            return


def _add_course(maker: Maker, full: list[Share], places: Sequence[tuple[int, int]]) -> None:
    """How the doses go down, once: on the first label that has room for it."""
    for number, place in enumerate(places if maker.label.course else ()):
        told = replace(full[number], cautions=(*full[number].cautions, maker.label.course))
        if not full[number].apart and maker.fits(told, place):
            full[number] = told
            return
