"""The head leans further than levelling may correct (roll)."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return by how many degrees the roll exceeds what the spec lets us level; `side` is the person's own shoulder."""
    roll = subject.located.anatomy.roll
    facts = {"side": "left" if roll > 0 else "right", "amount": round(abs(roll))}
    return Reading(max(0.0, abs(roll) - spec.max_roll_deg), facts)


HEAD_TILTED = Check("head_tilted", "above", 0.0, read)
"""0: the allowance is the spec's own `max_roll_deg`."""
