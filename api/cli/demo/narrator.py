"""Tell the demo's steps as they happen: numbered, timed, each with the facts that prove it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from api.cli.refusal import Refusal
from api.domain.errors import AppError
from api.plain_words import words_of


class Facts:
    """What one step found out, printed below it in the order it was noted."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def note(self, name: str, value: object) -> None:
        """Note one fact."""
        self.lines.append((name, str(value)))


class StepFailed(Exception):
    """A step did not do what it must. `title` names the step, `why` tells what was wrong."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(f"{title}: {why}")
        self.title = title
        self.why = why


class Unproved(Exception):
    """Something was looked at and is not as promised. Raised inside a step."""


class Narrator:
    """Prints steps; counts and times them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._count = 0
        self._began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[Facts]:
        """Run one step and print it when it is done.

        What is unproved inside, and what the house refuses, becomes a StepFailed that names the step.
        """
        self._count += 1
        facts = Facts()
        began = time.monotonic()
        try:
            yield facts
        except (Unproved, Refusal, AppError) as fault:
            self._print("✗", "bold red", title, facts, elapsed_s=time.monotonic() - began)
            raise StepFailed(title, words_of(fault) if isinstance(fault, AppError) else str(fault)) from fault
        self._print("✓", "green", title, facts, elapsed_s=time.monotonic() - began)

    def close(self, line: str) -> None:
        """Print the last line, with the time everything took."""
        self._console.print(Text(f"\n{line}, in {time.monotonic() - self._began:.1f} s", style="bold"), soft_wrap=True)

    def _print(self, mark: str, style: str, title: str, facts: Facts, *, elapsed_s: float) -> None:
        head = Text.assemble(
            (f"{mark} {self._count:>2}  ", style), (title, "bold"), (f"  {elapsed_s * 1000:.0f} ms", "dim")
        )
        self._console.print(head, soft_wrap=True)
        for name, value in facts.lines:
            self._console.print(Text.assemble((f"        {name}: ", "dim"), value), soft_wrap=True)
