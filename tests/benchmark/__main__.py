"""`python -m tests.benchmark optimise` or `paper`: measure the cases of a goal and print the table."""

from __future__ import annotations

import argparse

from tests.benchmark import goals, optimise, paper


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("what", choices=("optimise", "paper"), help="what to measure")
    parser.add_argument("--rounds", type=int, default=5, help="times that each case is measured (default 5)")
    parser.add_argument("--time-limit", type=float, default=60, help="optimise: seconds for one round (default 60)")
    parser.add_argument("--solver-limit", type=float, default=20, help="optimise: seconds for HiGHS (default 20)")
    parser.add_argument(
        "--case", action="append", choices=(*goals.ROWS, *optimise.CASES), help="optimise: only these cases"
    )
    asked = parser.parse_args()
    if asked.what == "paper":
        paper.run(asked.rounds)
    else:
        optimise.run(asked.rounds, asked.time_limit, asked.solver_limit, asked.case)


main()
