"""A broad smile, where a plain face is asked for."""

from typing import Final

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_RIGHT_CORNER, _LEFT_CORNER = 61, 291
_RIGHT_CHEEK, _LEFT_CHEEK = 234, 454
_INNER_LIPS = (13, 14)
_FRONTAL_DEG: Final = 20.0
"""Turned further, a face is drawn too narrow for its mouth."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the mouth's width over the face's, plus how far its corners are drawn up over eyes to chin.

    OFIQ's ExpressionNeutrality needs two networks; landmarks tell a smile alone. A frown, a raised brow and a snarl
    are not found; an open mouth has a check of its own. Nothing for a face that is turned by more than 20°.
    """
    if abs(subject.located.pose.yaw) > _FRONTAL_DEG:
        return None
    rows = subject.points[:, 1]
    width = subject.gap(_RIGHT_CORNER, _LEFT_CORNER) / max(subject.gap(_RIGHT_CHEEK, _LEFT_CHEEK), 1.0)
    corners = (rows[_RIGHT_CORNER] + rows[_LEFT_CORNER]) / 2
    lift = (float(rows[list(_INNER_LIPS)].mean()) - float(corners)) / max(subject.eyes_to_chin, 1.0)
    return Reading(width + lift)


EXPRESSION: Final = Check("expression", "above", 0.485, read)
"""0.485: faces at rest on the labelled photos have 0.32 to 0.45, closed-lipped smiles that most offices take 0.44 to
0.48, smiles that show teeth 0.49 to 0.59. Where a spec wants it, it should be a warning: what a plain face is, people
decide."""
