"""The bodies of the API as pydantic models: they check what comes in, what goes out, and document both."""
