"""How a day's dose is divided, and in which form it is given, found again from the rules (R3, R7).

Nothing of `splitter.division` is used. `question` puts the inputs on whole numbers, `filling` says in which order the
times of a day are filled, `reach` which doses pieces and volumes give, `candidates` what a step could be, `best` which
of its candidates each step is, `free` what form a step has where no path is asked for, and `forms` holds a plan to it.
"""
