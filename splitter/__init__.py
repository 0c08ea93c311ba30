"""Splitter: the cheapest exact way to dispense a taper, proved, checked and printed."""
