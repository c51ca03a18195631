"""The schema, one step a file; see `api/adapters/database/schema.py`."""
