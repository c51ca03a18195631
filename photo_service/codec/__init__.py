"""Picture files as bytes: what kind they are, what their headers say, and how to get pixels out of them safely."""
