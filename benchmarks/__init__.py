"""What `make bench` measures. Never part of a test: a slow machine is no fault of the code."""
