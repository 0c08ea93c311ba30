"""`python -m tests.faults plant` plants every error; `python -m tests.faults fuzz --minutes 10` fuzzes every file."""

from __future__ import annotations

import argparse
import sys

from tests.faults import fuzz, plant


def main() -> int:
    """Run what is asked for and say what got through; 1 when anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("plant", help="plant every error in every plan")
    fuzzing = commands.add_parser("fuzz", help="change files at random")
    fuzzing.add_argument("--minutes", type=float, default=10)
    fuzzing.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    return plant.report() if chosen.command == "plant" else fuzz.report(chosen.minutes, chosen.seed)


if __name__ == "__main__":
    sys.exit(main())
