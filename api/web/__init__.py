"""The web edge: HTTP in, services called, HTTP out. Nothing here decides what is allowed, only how it is said."""
