"""The commands. Each parses its options, calls the library, and says the answer; nothing is decided here.

`commands` declares them, `options` holds what they share, `inputs` and `output` read and write, `show` puts a
plan into words for the terminal. What a command needs is imported when it runs, so that `--help` is quick.
"""

from splitter.cli.commands import main

__all__ = ["main"]
