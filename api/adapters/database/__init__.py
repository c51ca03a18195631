"""The memory of the house, in SQLite or PostgreSQL."""
