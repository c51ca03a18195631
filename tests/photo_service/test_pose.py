"""Head pose: true degrees with documented signs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photo_service.models.ports import FaceMesh
from photo_service.pose import PITCH_OF_THE_CANONICAL_FACE, _canonical, estimate_pose


def turned_face(*, yaw: float, pitch: float, roll: float) -> FaceMesh:
    """The canonical face turned by known angles (degrees), as a mesh in picture pixels, y down, z away."""
    indices, model = _canonical()
    y, p, r = (math.radians(angle) for angle in (yaw, pitch, roll))
    about_y = np.array([[math.cos(y), 0, -math.sin(y)], [0, 1, 0], [math.sin(y), 0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    about_z = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
    points = np.zeros((468, 3), np.float32)
    points[indices] = model @ (about_z @ about_y @ about_x).T * 12.0 + (300, 400, 0)
    return FaceMesh(points, 1.0)


@given(yaw=st.floats(-50, 50), roll=st.floats(-40, 40))
def test_yaw_and_roll_come_back_as_they_were_made(yaw, roll):
    """Angles are degrees, not some scale of our own."""
    pose = estimate_pose(turned_face(yaw=yaw, pitch=0, roll=roll))

    assert pose.yaw == pytest.approx(yaw, abs=0.1)
    assert pose.roll == pytest.approx(roll, abs=0.1)


@given(pitch=st.floats(-40, 40))
def test_pitch_counts_from_a_level_gaze(pitch):
    """The canonical face itself looks down a little; that is taken off."""
    pose = estimate_pose(turned_face(yaw=0, pitch=pitch, roll=0))

    assert pose.pitch == pytest.approx(pitch + PITCH_OF_THE_CANONICAL_FACE, abs=0.1)


def test_a_head_turned_to_its_own_left_has_a_positive_yaw():
    """In an unmirrored picture the nose then points to the right edge."""
    mesh = turned_face(yaw=30, pitch=0, roll=0)

    assert mesh.points[4, 0] > mesh.points[[234, 454], 0].mean()
    assert estimate_pose(mesh).yaw > 0


def test_a_raised_chin_has_a_positive_pitch():
    """The tip of the nose then rises towards the eyes."""
    level, raised = (turned_face(yaw=0, pitch=angle, roll=0).points for angle in (0, 25))

    assert raised[4, 1] - raised[[33, 263], 1].mean() < level[4, 1] - level[[33, 263], 1].mean()
