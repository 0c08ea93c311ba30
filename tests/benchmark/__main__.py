"""`python -m tests.benchmark optimise`: measure the optimiser on the cases of its goals and print the table."""

from __future__ import annotations

import argparse

from tests.benchmark import optimise


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("what", choices=("optimise",), help="what to measure")
    parser.add_argument("--rounds", type=int, default=5, help="prescriptions of each case (default 5)")
    parser.add_argument("--time-limit", type=float, default=60, help="seconds for one case's round in all (default 60)")
    parser.add_argument("--solver-limit", type=float, default=20, help="seconds for HiGHS on one problem (default 20)")
    parser.add_argument(
        "--case", action="append", choices=tuple(optimise.CASES), help="only this case; may be repeated"
    )
    asked = parser.parse_args()
    optimise.run(asked.rounds, asked.time_limit, asked.solver_limit, asked.case)


main()
