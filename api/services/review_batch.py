"""Decide on many submissions at once, each for itself: one that cannot be decided stops none of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.domain.errors import AppError, Fault, InvalidRequest
from api.domain.reviewer import Reviewer
from api.domain.submission import Submission, given_reason
from api.services.deeds import Deed, unrecorded
from api.services.review import Approve, Return
from api.services.undo import Undo

MOST = 500
"""How many may be decided on in one request: a page of a counsellor's list, many times over."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One submission of a batch, and the version the reviewer looked at (None: whatever it is now)."""

    submission_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one choice: the submission as it now stands, or why it was refused."""

    submission_id: str
    submission: Submission | None = None
    refusal: AppError | None = None


class ApproveMany:
    """Accept many submissions."""

    def __init__(self, approve: Approve) -> None:
        self._approve = approve

    def __call__(
        self, staff: str | Reviewer, choices: Sequence[Choice], *, deed: Deed = unrecorded
    ) -> tuple[Outcome, ...]:
        """Return one outcome for each choice, in order. Raises InvalidRequest for more than 500, or one twice."""
        return _each(
            choices, lambda choice: self._approve(staff, choice.submission_id, version=choice.version, deed=deed)
        )


class ReturnMany:
    """Give many submissions back for the same reason."""

    def __init__(self, return_: Return) -> None:
        self._return = return_

    def __call__(
        self, staff: str | Reviewer, choices: Sequence[Choice], reason: str, *, deed: Deed = unrecorded
    ) -> tuple[Outcome, ...]:
        """Return one outcome for each choice, in order. Raises InvalidRequest as above, and without a reason."""
        why = given_reason(reason)

        def give_back(choice: Choice) -> Submission:
            return self._return(staff, choice.submission_id, why, version=choice.version, deed=deed)

        return _each(choices, give_back)


class UndoMany:
    """Take many decisions of one's own back."""

    def __init__(self, undo: Undo) -> None:
        self._undo = undo

    def __call__(
        self, staff: str | Reviewer, choices: Sequence[Choice], *, deed: Deed = unrecorded
    ) -> tuple[Outcome, ...]:
        """Return one outcome for each choice, in order. Raises InvalidRequest as above."""
        return _each(choices, lambda choice: self._undo(staff, choice.submission_id, version=choice.version, deed=deed))


def _each(choices: Sequence[Choice], decide: Callable[[Choice], Submission]) -> tuple[Outcome, ...]:
    if len(choices) > MOST:
        raise InvalidRequest(reason="too_many")
    if len({choice.submission_id for choice in choices}) < len(choices):
        raise InvalidRequest(reason="twice")
    return tuple(_outcome(choice, decide) for choice in choices)


def _outcome(choice: Choice, decide: Callable[[Choice], Submission]) -> Outcome:
    try:
        return Outcome(choice.submission_id, submission=decide(choice))
    except Fault:
        raise  # ours: the rest of the batch would meet it too
    except AppError as refusal:
        return Outcome(choice.submission_id, refusal=refusal)
