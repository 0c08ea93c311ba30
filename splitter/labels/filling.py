"""Directions and sentences put into labels, one label after the other, in a frame of what each label has besides.

Nothing is cut: a direction that is too long for a label is continued on the next under the same dates, dose by dose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from splitter.labels.content import Group, Maker, Share
from splitter.wording import Direction

# What is measured for "label 1 of 12" before its numbers are known: figures differ in width, and 8 is the widest but 0.
_MOST = 89
ALONE, _AMONG = (1, 1), (_MOST - 1, _MOST)
ALL = (Group.FILLED, Group.SUPPLY, Group.PHARMACY)
WHOSE = (Group.FILLED, Group.PHONE)
FIRST = Share(groups=ALL, purpose=True, warned=True, matrix=True, bars=True, banner=True, onward=True)
_NEXT = Share(groups=WHOSE, warned=True, matrix=True, onward=True)
BARE = Share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What labels have besides directions and cautions: the first `fixed` ones each its own, all further ones `next`.

    As many labels as are fixed are printed at the least.
    """

    fixed: tuple[Share, ...]
    next: Share = _NEXT

    def label(self, place: int) -> Share:
        """That of a label, counted from 0."""
        return self.fixed[place] if place < len(self.fixed) else self.next


def _frame(groups: tuple[Group, ...], *leaving: str) -> Frame:
    """The first label with these particulars and without what leaves it; the second with the rest, if there is any.

    Bars and banner are no reason for a second label, and stand on any that has room.
    """
    here = {name: name not in leaving for name in ("purpose", "bars", "banner")}
    first = replace(FIRST, groups=groups, purpose=here["purpose"], bars=here["bars"], banner=here["banner"])
    second = replace(_NEXT, groups=WHOSE if groups == ALL else ALL, purpose=not here["purpose"])
    return Frame(fixed=(first,) if second == _NEXT else (first, second))


def frames(*leaving: str) -> tuple[Frame, ...]:
    """The frames without what leaves the first label; the purpose may move on to the second, too."""
    return tuple(_frame(groups, *leaving, *more) for groups in (ALL, WHOSE) for more in ((), ("purpose",)))


def filled(
    maker: Maker,
    frame: Frame,
    words: tuple[Iterable[Direction], tuple[str, ...]],
    *,
    in_parts: bool,
    limit: float = math.inf,
) -> tuple[Share, ...]:
    """Directions, one label after the other, then sentences in the room that they leave; none where one doesn't fit,
    or where the directions alone need more than `limit` labels."""
    directions, sentences = words
    shares: list[Share] = [frame.label(0)]
    for direction in directions:
        if _adds(maker, shares, direction):
            continue
        parts = [direction]
        if in_parts:
            parts = parts_of(maker, frame.label(len(shares) if shares[0].directions else 0), direction)
        for part in parts:
            if not _adds(maker, shares, part):
                shares.append(replace(frame.label(len(shares)), directions=(part,)))
                if len(shares) > limit or not maker.fits(shares[-1], _AMONG):
                    return ()
        if not parts:
            return ()
    shares += (frame.label(place) for place in range(len(shares), len(frame.fixed)))
    return _with_cautions(maker, shares, sentences, frame.next)


def _adds(maker: Maker, shares: list[Share], direction: Direction) -> bool:
    """Whether the last label has room for one more direction; then it has it."""
    longer = replace(shares[-1], directions=(*shares[-1].directions, direction))
    if not maker.fits(longer, _AMONG):
        return False
    shares[-1] = longer
    return True


def parts_of(maker: Maker, blank: Share, direction: Direction) -> list[Direction]:
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
    """Each dose, each dose of another container and each note by itself.

    A dose has with it the unit that it shares with others, and their syringe.
    """
    empty = replace(direction, doses=(), alone=(), instead="", syringe="", others=(), notes=())
    atoms = [replace(empty, instead=direction.instead)] if direction.instead else []
    atoms += (replace(empty, doses=(dose,), syringe=direction.syringe) for dose in direction.alone or direction.doses)
    for other in direction.others:
        atoms += (replace(empty, others=(replace(other, doses=(dose,)),)) for dose in other.doses)
    return atoms + [replace(empty, notes=(note,)) for note in direction.notes]


def _joined(one: Direction, other: Direction) -> Direction:
    """Two atoms or parts in one; doses of one container beside this one stand together."""
    others = list(one.others)
    for more in other.others:
        if others and others[-1].name == more.name:
            others[-1] = replace(others[-1], doses=others[-1].doses + more.doses)
        else:
            others.append(more)
    return replace(
        one,
        doses=one.doses + other.doses,
        syringe=one.syringe or other.syringe,
        others=tuple(others),
        notes=one.notes + other.notes,
    )


def _split(maker: Maker, blank: Share, atoms: Sequence[Direction], total: int) -> list[Direction]:
    """A direction's atoms joined to as few parts as fit, numbered as if there were `total`; none where one doesn't."""
    parts: list[Direction] = []
    for atom in atoms:
        if parts and maker.fits(replace(blank, directions=(_joined(parts[-1], atom),)), _AMONG):
            parts[-1] = _joined(parts[-1], atom)
            continue
        part = replace(atom, dates=_part_dates(atom, len(parts) + 1, total))
        if not maker.fits(replace(blank, directions=(part,)), _AMONG):
            return []
        parts.append(part)
    return parts


def _part_dates(direction: Direction, place: int, parts: int) -> str:
    """The dates above one part of a direction, so that nobody takes the first for all of it."""
    return f"{direction.dates}, part {place} of {parts}" if direction.dates else ""


def _with_cautions(
    maker: Maker, shares: Sequence[Share], sentences: tuple[str, ...], blank: Share
) -> tuple[Share, ...]:
    """Sentences, in order, in the room that directions leave; the rest on labels of their own. None where one doesn't
    fit."""
    full: list[Share] = []
    rest = sentences
    for share in shares:
        if not maker.fits(share, _AMONG):
            return ()
        held = most(len(rest), partial(_holds, maker, share, rest))
        full.append(replace(share, cautions=rest[:held]))
        rest = rest[held:]
    more = _caution_labels(maker, rest, blank)
    return () if rest and not more else (*full, *more)


def _caution_labels(maker: Maker, sentences: tuple[str, ...], blank: Share) -> tuple[Share, ...]:
    """Labels of sentences, in large type where that needs no more of them; none where one sentence is too long."""
    made: list[tuple[Share, ...]] = []
    for template, large in ((blank, True), (blank, False), (BARE, False)):
        shares: list[Share] = []
        rest = sentences
        while rest and (held := most(len(rest), partial(_holds, maker, template, rest, large=large))):
            shares.append(_of_cautions(template, rest[:held], large=large))
            rest = rest[held:]
        if not rest:
            made.append(tuple(shares))
    return min(made, key=len) if made else ()


def _holds(maker: Maker, share: Share, sentences: tuple[str, ...], count: int, *, large: bool = False) -> bool:
    """Whether a label holds the first `count` of some sentences beside what it has."""
    return maker.fits(_of_cautions(share, sentences[:count], large=large), _AMONG)


def _of_cautions(blank: Share, sentences: tuple[str, ...], *, large: bool) -> Share:
    return replace(blank, apart=sentences) if large else replace(blank, cautions=sentences)


def apart(maker: Maker, directions: Iterable[Direction], sentences: tuple[str, ...]) -> tuple[Share, ...]:
    """For stock too small for directions beside particulars: labels of directions with the number alone, then the
    particulars, each whole, then the sentences; none where one of them doesn't fit."""
    shares: list[Share] = []
    for direction in directions:
        parts = parts_of(maker, BARE, direction)
        if not parts:
            return ()
        for part in parts:
            if not shares or not _adds(maker, shares, part):
                shares.append(replace(BARE, directions=(part,)))
    particulars = _particulars(maker)
    if not particulars:
        return ()
    return _with_cautions(maker, [*shares, *particulars], sentences, BARE)


def _particulars(maker: Maker) -> list[Share]:
    """All particulars on as few labels as hold them; none where one doesn't fit."""
    purpose = (_with_purpose,) if maker.label.purpose else ()
    wanted = (*purpose, _warned, *map(with_group, ALL), _with_matrix)
    shares = [BARE]
    for add in wanted:
        if maker.fits(add(shares[-1]), _AMONG):
            shares[-1] = add(shares[-1])
        elif maker.fits(add(BARE), _AMONG):
            shares.append(add(BARE))
        elif add is not _with_matrix:
            return []
    return shares


def _warned(share: Share) -> Share:
    return replace(share, warned=True)


def _with_purpose(share: Share) -> Share:
    return replace(share, purpose=True)


def with_group(group: Group) -> Callable[[Share], Share]:
    """A label with the whole pharmacy has its telephone."""

    def add(share: Share) -> Share:
        has = group in share.groups or (group is Group.PHONE and Group.PHARMACY in share.groups)
        return share if has else replace(share, groups=(*share.groups, group))

    return add


def _with_matrix(share: Share) -> Share:
    return replace(share, matrix=True)


def _onward(share: Share) -> Share:
    return replace(share, onward=True)


def with_bars(share: Share) -> Share:
    """With the prescription's number in bars."""
    return replace(share, bars=True)


def with_banner(share: Share) -> Share:
    """With what must not be overlooked."""
    return replace(share, banner=True)


ADDITIONS = (_with_matrix, _warned, *map(with_group, WHOSE), _onward)
"""What every label has where there is room."""


def most(count: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `count` of which something holds, where it holds of 0 and of all below one it holds of.

    >>> most(9, lambda number: number < 4)
    3
    """
    least = 0
    if count and holds(count):
        return count
    while least + 1 < count:
        middle = (least + count) // 2
        least, count = (middle, count) if holds(middle) else (least, middle)
    return least
