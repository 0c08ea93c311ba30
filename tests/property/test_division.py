"""How a day's volume is divided over its administrations, against trying every division."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from types import SimpleNamespace

import numpy as np

from splitter.optimise.day.division import Division
from splitter.optimise.day.options import Hand
from splitter.optimise.limits import Budget

CASES = 400


def tried(
    tablets: tuple[int, ...], volume: int, volumes: list[int], grid: SimpleNamespace, share: Fraction | None
) -> int:
    """The fewest measurements of all divisions of a volume, 0: none; a share of None: no volume beside pieces."""
    (factor,), limit = grid.mass_per_volume, grid.imbalance
    counts = []
    for parts in product([0, *volumes], repeat=len(tablets)):
        doses = [mass + part * factor for mass, part in zip(tablets, parts, strict=True)]
        shared = all(
            not (mass and part) or (share is not None and part * factor >= share * dose)
            for mass, part, dose in zip(tablets, parts, doses, strict=True)
        )
        if shared and sum(parts) == volume and (limit is None or max(doses) - min(doses) <= limit):
            counts.append(sum(part > 0 for part in parts))
    return min(counts, default=0)


def test_the_fewest_measurements_are_those_of_every_division_tried() -> None:
    """Of days of one to four times, with any volumes, limit and share, many together or each alone."""
    found_any = 0
    for seed in range(CASES):
        rng = Random(seed)  # noqa: S311  reproducible cases, no secret
        times, factor = rng.randint(1, 4), rng.randint(1, 3)
        volumes = sorted(rng.sample(range(1, 13), rng.randint(0, 5)))
        limit = rng.choice([None, 0, 1, 2, 4, 8])
        days = [(tuple(sorted(rng.randint(0, 9) for _ in range(times))), rng.randint(1, 24)) for _ in range(6)]
        grid = SimpleNamespace(
            mass_per_volume=(factor,), volumes=np.array(volumes, int), measurable=frozenset(volumes), imbalance=limit
        )
        share = rng.choice([None, Fraction(0), Fraction(1, 20), Fraction(1, 2)])
        beside = frozenset((0,)) if share is not None else frozenset[int]()
        hand = Hand(groups=(frozenset((0,)),), liquids=(0,), beside=beside, share=share or Fraction(0))
        expected = [tried(tablets, volume, volumes, grid, share) for tablets, volume in days]
        masses, wanted = np.array([tablets for tablets, _ in days]), np.array([volume for _, volume in days])
        assert Division(grid, 0, hand).fewest(masses, wanted, Budget()).tolist() == expected, f"seed {seed}"
        alone = Division(grid, 0, hand)
        assert [int(alone.fewest(masses[[n]], wanted[[n]], Budget())[0]) for n in range(6)] == expected, f"seed {seed}"
        found_any += sum(count > 1 for count in expected)
    assert found_any > CASES / 4
