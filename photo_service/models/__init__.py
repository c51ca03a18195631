"""The networks: fetching and converting them, keeping them, and running them behind the stages' ports."""
