"""`make screenshots`: every page at three widths, with invented people and drawn pictures only."""
