"""One real selfie through every step, with real processes and real HTTP."""
