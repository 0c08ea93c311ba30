"""Slow, plain statements of the problem, which the engine is compared with.

`rules` says what may be given at one time, `path` how a day is divided, `ways` what is settled before any cost,
`evaluate` what a plan makes the pharmacy hand over, `brute` tries every plan, `milp` states the problem as an integer
programme (on `solver`); `cases`, `unusual`, `tapers` and `realistic` make problems. Nothing here imports the engine.
"""
