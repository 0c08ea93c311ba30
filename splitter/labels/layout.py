"""One item's words shared out over as few labels as hold them; never cut, never in smaller type than the profile's.

The first label has the particulars, and directions beside them; what finds no room goes on to further labels, which
repeat who and what it is for. On stock too small for directions and particulars together, these stand on labels of
their own, after the directions. Among the ways to write the directions, the one that needs the fewest labels is
taken, the fullest among equals; a line for each of many doses is worth a label more. What costs no label is then
added: barcodes, larger type on large stock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf

from splitter.errors import InputError
from splitter.labels.content import Content, Group, Maker, Share
from splitter.labels.setting import Setting
from splitter.wording import Direction, LabelText

# What is measured for "label 1 of 12" before its numbers are known: figures differ in width, and 8 is the widest but 0.
_MOST = 89
_ALONE, _AMONG = (1, 1), (_MOST - 1, _MOST)
_ALL = (Group.FILLED, Group.SUPPLY, Group.PHARMACY)
_MAIN = Share(groups=_ALL, purpose=True, warned=True, matrix=True)
_CONTINUED = Share(groups=(Group.FILLED, Group.PHONE), warned=True)
_BARE = Share()
_PARTICULARS = "number, quantity, prescriber and pharmacy"
# Doses of a day from which a list is worth one label more than a sentence.
_MANY = 4
# Type grows on stock that is taller than this [pt], by these factors.
_TALL = 200.0
_SCALES = (4 / 3, 7 / 6)

_Made = tuple[Maker, list[Share]]


def contents(containers: Sequence[LabelText], setting: Setting) -> tuple[tuple[Content, ...], ...]:
    """What each label of each container of one item says: all containers have the same labels, with their own number.

    Raises InputError where a thing that can't be broken doesn't fit on a label by itself.
    """
    widest = max(containers, key=lambda label: setting.secondary_width(label.position))
    maker, shares = _enlarged(*_fewest(Maker(widest, setting)))
    return tuple(_finished(maker if label is widest else maker.beside(label), shares) for label in containers)


def _fewest(first: Maker) -> _Made:
    """The way to write that needs the fewest labels, the fullest among equals, and what each label has its share of.

    A long list may take one label more. Where each way is too long for the stock, the verb is left out before the label
    is refused.
    """
    makers: list[Maker] = []
    whole: _Made | None = None
    for words, listed in _wordings(first.label):
        makers.append(first.rewritten(words, listed=listed))
        shares = [_whole(words)]
        if makers[-1].fits(shares[0], _ALONE):
            whole = makers[-1], shares
            break
    if whole and (whole[0] is makers[0] or not _is_long_list(makers[0])):
        return whole
    made: list[_Made] = []
    faults: list[InputError] = []
    for maker in makers[:1] if whole else makers:
        try:
            made.append((maker, _shares(maker)))
        except InputError as error:
            faults.append(error)
    made += [whole] if whole else []
    return min(made, key=_price) if made else _terse(first, faults[-1])


def _terse(first: Maker, fault: InputError) -> _Made:
    """The directions in brief without their verb. Raises `fault` where they are still too long."""
    brief = tuple(replace(direction, verb="") for direction in first.label.brief)
    maker = first.rewritten(replace(first.label, directions=brief), listed=False)
    with suppress(InputError):
        return maker, _shares(maker)
    raise fault


def _price(made: _Made) -> tuple[int, bool, bool]:
    """What is to be least: the labels, of which a long list has one for nothing; what is left unsaid; a first label
    without a dose."""
    maker, shares = made
    is_brief = maker.label.directions == maker.label.brief
    return len(shares) - _is_long_list(maker), is_brief, not _begins_with_dose(shares)


def _is_long_list(maker: Maker) -> bool:
    """Whether there is a line for each of so many doses that a sentence of them is hard to follow."""
    return maker.listed and any(len(direction.doses) >= _MANY for direction in maker.label.directions)


def _begins_with_dose(shares: Sequence[Share]) -> bool:
    return any(direction.doses for share in shares[:1] for direction in share.directions)


def _wordings(label: LabelText) -> Iterator[tuple[LabelText, bool]]:
    """The ways to write the directions, the fullest first: a line for each dose, running text, in brief."""
    if any(len(direction.doses) > 1 for direction in label.directions):
        yield label, True
    yield label, False
    yield replace(label, directions=label.brief), False


def _enlarged(maker: Maker, shares: list[Share]) -> tuple[Maker, list[Share]]:
    """The same in larger type, where the stock is tall and it needs no more labels."""
    if maker.setting.stock.high < _TALL:
        return maker, shares
    for scale in _SCALES:
        larger = Maker(maker.label, replace(maker.setting, scale=scale)).rewritten(maker.label, listed=maker.listed)
        whole = _whole(maker.label)
        try:
            made = [whole] if larger.fits(whole, _ALONE) else _shares(larger)
        except InputError:
            continue
        if len(made) == len(shares):
            return larger, made
    return maker, shares


def _finished(maker: Maker, shares: list[Share]) -> tuple[Content, ...]:
    """The labels, each with what else it has room for: who, until when, that more follow, barcodes."""
    places = [(number, len(shares)) for number in range(1, len(shares) + 1)]
    for share, place in zip(shares, places, strict=True):
        if not maker.fits(share, place):
            raise _misfit(maker, f"label {place[0]} of {place[1]}")
    full = [_filled(maker, share, place) for share, place in zip(shares, places, strict=True)]
    _add_bars(maker, full, places)
    _add_course(maker, full, places)
    return tuple(maker.content(share, place) for share, place in zip(full, places, strict=True))


def _add_bars(maker: Maker, full: list[Share], places: Sequence[tuple[int, int]]) -> None:
    """The prescription's number in bars, once: where the particulars are, else on the first label with room for it."""
    order = sorted(range(len(full)), key=lambda number: (Group.SUPPLY not in full[number].groups, number))
    for number in order:
        barred = replace(full[number], bars=True)
        if maker.fits(barred, places[number]):
            full[number] = barred
            return


def _add_course(maker: Maker, full: list[Share], places: Sequence[tuple[int, int]]) -> None:
    """How the doses go down, once: on the first label that has room for it."""
    for number, place in enumerate(places if maker.label.course else ()):
        told = replace(full[number], cautions=(*full[number].cautions, maker.label.course))
        if not full[number].apart and maker.fits(told, place):
            full[number] = told
            return


def _filled(maker: Maker, share: Share, place: tuple[int, int]) -> Share:
    for add in _ADDITIONS:
        more = add(share)
        if more != share and maker.fits(more, place):
            share = more
    return share


def _whole(label: LabelText) -> Share:
    """All of it on one label."""
    return replace(_MAIN, directions=label.directions, cautions=(*label.conditions, *label.cautions))


def _shares(maker: Maker) -> list[Share]:
    """The particulars beside the first directions; or on labels of their own."""
    sentences = (*maker.label.conditions, *maker.label.cautions)
    for main in (_MAIN, replace(_MAIN, matrix=False)):
        if _continued(maker, main):
            return _beside(maker, main, sentences)
    return _apart(maker)


def _beside(maker: Maker, main: Share, sentences: tuple[str, ...]) -> list[Share]:
    """The particulars beside directions, with the most sentences that cost no label, nor the first dose or days.

    More sentences never need fewer labels, so the most is found by halving.
    """

    def made(count: int) -> list[Share]:
        shares = _continued(maker, replace(main, cautions=sentences[:count]))
        return _with_cautions(shares, sentences, maker) if shares else []

    def price(shares: list[Share]) -> tuple[float, bool, bool]:
        is_dated = any(each.dates for share in shares[:1] for each in share.directions)
        return len(shares) or inf, not _begins_with_dose(shares), not is_dated

    best, least, most = made(0), 0, len(sentences)
    while least < most:
        middle = (least + most + 1) // 2
        more = made(middle)
        if price(more) <= price(best):
            best, least = more, middle
        else:
            most = middle - 1
    return best


def _continued(maker: Maker, main: Share) -> list[Share]:
    """Directions beside the particulars and on further labels; none where not even the first finds room."""
    blank, shares = _CONTINUED, [main]
    for direction in maker.label.directions:
        if not _adds(maker, shares, direction):
            parts = _parts(maker, blank, direction)
            if not parts or not shares[0].directions:
                return []
            for part in parts:
                if not _adds(maker, shares, part):
                    shares.append(replace(blank, directions=(part,)))
    return shares


def _adds(maker: Maker, shares: list[Share], direction: Direction) -> bool:
    """Whether the last label has room for one more direction; then it has it."""
    longer = replace(shares[-1], directions=(*shares[-1].directions, direction))
    if not maker.fits(longer, _AMONG):
        return False
    shares[-1] = longer
    return True


def _parts(maker: Maker, blank: Share, direction: Direction) -> list[Direction]:
    """A direction whole, or in parts where it is too long for one label; none where a part doesn't fit."""
    if maker.fits(replace(blank, directions=(direction,)), _AMONG):
        return [direction]
    atoms = _atoms(direction)
    for total in range(2, len(atoms) + 1):
        parts = _split(maker, blank, atoms, total)
        if len(parts) == total:
            return parts
    return []


def _atoms(direction: Direction) -> list[Direction]:
    """Each dose and each note by itself; a dose has with it the unit that it shares with others, and their syringe."""
    syringe = (direction.syringe,) if direction.syringe else ()
    doses = [replace(direction, doses=(dose,), notes=syringe) for dose in direction.alone or direction.doses]
    notes = [replace(direction, doses=(), notes=(note,)) for note in direction.notes if note not in syringe]
    return doses + notes


def _split(maker: Maker, blank: Share, atoms: Sequence[Direction], total: int) -> list[Direction]:
    """A direction's atoms joined to as few parts as fit, numbered as if there were `total`; none where one doesn't."""
    parts: list[Direction] = []
    for atom in atoms:
        if parts:
            last = parts[-1]
            notes = tuple(dict.fromkeys(last.notes + atom.notes))
            longer = replace(last, doses=last.doses + atom.doses, notes=notes)
            if maker.fits(replace(blank, directions=(longer,)), _AMONG):
                parts[-1] = longer
                continue
        part = replace(atom, dates=_part_dates(atom, len(parts) + 1, total))
        if not maker.fits(replace(blank, directions=(part,)), _AMONG):
            return []
        parts.append(part)
    return parts


def _part_dates(direction: Direction, place: int, parts: int) -> str:
    """The dates above one part of a direction, so that nobody takes the first for all of it."""
    return f"{direction.dates}, part {place} of {parts}" if direction.dates else ""


def _with_cautions(shares: Sequence[Share], cautions: Sequence[str], maker: Maker) -> list[Share]:
    """The cautions, in order, in the room that the directions leave; the rest on labels of their own.

    `shares` may have the first of them already.
    """
    full: list[Share] = []
    rest = tuple(cautions)
    for share in shares:
        tries = (replace(share, cautions=rest[:count]) for count in range(len(rest), len(share.cautions), -1))
        full.append(next((each for each in tries if maker.fits(each, _AMONG)), share))
        rest = rest[len(full[-1].cautions) :]
    return [*full, *_caution_labels(rest, maker)]


def _caution_labels(cautions: tuple[str, ...], maker: Maker) -> list[Share]:
    """Labels of cautions, in large type where that needs no more of them."""
    made: list[list[Share]] = []
    for blank, large in ((_CONTINUED, True), (_CONTINUED, False), (_BARE, False)):
        shares: list[Share] = []
        rest = cautions
        while rest:
            tries = (_of_cautions(blank, rest[:count], large=large) for count in range(len(rest), 0, -1))
            share = next((each for each in tries if maker.fits(each, _AMONG)), None)
            if share is None:
                break
            shares.append(share)
            rest = rest[len(share.apart or share.cautions) :]
        if not rest:
            made.append(shares)
    if not made:
        raise maker.setting.misfit("cautions", max(cautions, key=len))
    return min(made, key=len)


def _of_cautions(blank: Share, cautions: tuple[str, ...], *, large: bool) -> Share:
    return replace(blank, apart=cautions) if large else replace(blank, cautions=cautions)


def _apart(maker: Maker) -> list[Share]:
    """Labels of directions with the prescription number alone; then the particulars, each whole."""
    label = maker.label
    shares: list[Share] = []
    for direction in label.directions:
        parts = _parts(maker, _BARE, direction)
        if not parts:
            raise _misfit(maker, direction.text)
        for part in parts:
            if not shares or not _adds(maker, shares, part):
                shares.append(replace(_BARE, directions=(part,)))
    sentences = (*label.conditions, *label.cautions)
    made = _with_cautions([*shares, *_particulars(maker)], sentences, maker)
    if any(maker.fits(_with_matrix(share), _AMONG) for share in made) or not maker.fits(_with_matrix(_BARE), _AMONG):
        return made
    return _with_cautions([*shares, *_particulars(maker, _with_matrix)], sentences, maker)


def _particulars(maker: Maker, *more: Callable[[Share], Share]) -> list[Share]:
    """All particulars, and what more is wanted, on as few labels as hold them."""
    wanted = [_warned, *map(_with_group, _ALL), *more]
    shares = [_BARE]
    for add in [_with_purpose, *wanted] if maker.label.purpose else wanted:
        if maker.fits(add(shares[-1]), _AMONG):
            shares[-1] = add(shares[-1])
            continue
        if not maker.fits(add(_BARE), _AMONG):
            raise _misfit(maker, _PARTICULARS)
        shares.append(add(_BARE))
    return shares


def _misfit(maker: Maker, words: str) -> InputError:
    return maker.setting.misfit(f"items.{maker.label.index}", words)


def _warned(share: Share) -> Share:
    return replace(share, warned=True)


def _with_purpose(share: Share) -> Share:
    return replace(share, purpose=True)


def _with_group(group: Group) -> Callable[[Share], Share]:
    """A label with the whole pharmacy has its telephone."""

    def add(share: Share) -> Share:
        has = group in share.groups or (group is Group.PHONE and Group.PHARMACY in share.groups)
        return share if has else replace(share, groups=(*share.groups, group))

    return add


def _onward(share: Share) -> Share:
    return replace(share, onward=True)


def _with_matrix(share: Share) -> Share:
    return replace(share, matrix=True)


_ADDITIONS = (_with_matrix, _warned, *map(_with_group, (Group.FILLED, Group.PHONE)), _onward)
