"""`python -m tests.benchmark optimise`, `paper` or `rules`: measure the cases of a goal and print the table."""

from __future__ import annotations

import argparse

from tests.benchmark import goals, optimise, paper, rules


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("what", choices=("optimise", "paper", "rules"), help="what to measure")
    parser.add_argument("--rounds", type=int, default=5, help="times that each case is measured (default 5)")
    parser.add_argument("--time-limit", type=float, default=60, help="optimise: seconds for one round (default 60)")
    parser.add_argument("--solver-limit", type=float, default=20, help="optimise: seconds for HiGHS (default 20)")
    parser.add_argument(
        "--case", action="append", choices=(*goals.ROWS, *optimise.CASES), help="optimise: only these cases"
    )
    parser.add_argument("--count", type=int, default=300, help="rules: prescriptions that are priced (default 300)")
    parser.add_argument("--tapers", type=int, default=10_000, help="rules: random tapers (default 10,000)")
    parser.add_argument("--nodes", type=int, default=200_000, help="rules: partial plans a search (default 200,000)")
    parser.add_argument("--minutes", type=float, default=12, help="rules: at most so long for each table (default 12)")
    asked = parser.parse_args()
    if asked.what == "paper":
        paper.run(asked.rounds)
    elif asked.what == "rules":
        rules.run(asked.count, asked.tapers, asked.nodes, asked.minutes)
    else:
        optimise.run(asked.rounds, asked.time_limit, asked.solver_limit, asked.case)


if __name__ == "__main__":
    main()
