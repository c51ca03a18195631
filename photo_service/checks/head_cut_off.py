"""The picture ends before the top of the hair does."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.silhouette import brushes_top
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return how much of the picture's upper edge is head, as a share of the face's width.

    A face that the picture's side cuts through counts whole.
    """
    if any(miss.rule == "top" for miss in subject.misses) or _cut_by_a_side(subject):
        return Reading(1.0)
    return Reading(brushes_top(subject.matted))


def _cut_by_a_side(subject: Subject) -> bool:
    """Tell whether a cheek's or the chin's landmark lies outside the picture."""
    width, height = subject.located.upright.size
    anatomy = subject.located.anatomy
    points = (anatomy.right_cheek, anatomy.left_cheek, anatomy.chin)
    return any(not (0 <= x < width and 0 <= y < height) for x, y in points)


HEAD_CUT_OFF = Check("head_cut_off", "above", 0.72, read, doubt=0.5)
"""0.72: hair and buns that only brush the edge measure up to 0.70 on photos labelled acceptable; heads that are cut
measure 0.76 and more. As wide as the face is 1. From 0.5 on it warns: buns and hair that the edge cuts into, on all
five labelled photos in between, three of which must give a photo all the same."""
