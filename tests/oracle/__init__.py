"""Slow, plain statements of the problem, which the engine is compared with.

`rules` says what may be given at one time, `evaluate` what a plan makes the pharmacy hand over, `brute` tries every
plan, `milp` states the problem as an integer programme (on `solver`), `cases` makes small problems. Nothing here
imports the engine.
"""
