"""The name both kinds of database look up when a transaction begins."""

BEGIN = "begin_with"
"""Execution option: the statement a SQLite transaction opens with; where it is set PostgreSQL takes the writer lock."""

TO_WRITE = {BEGIN: "BEGIN IMMEDIATE"}
"""The execution options of a transaction that holds the right to write from its first statement."""
