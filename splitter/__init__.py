"""Splitter: the cheapest exact way to dispense a taper, proved, checked and printed."""

__version__ = "0.1.0"
