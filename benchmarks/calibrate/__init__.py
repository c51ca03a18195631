"""Measure every check on labelled photos and on controlled degradations: `make calibrate`."""
