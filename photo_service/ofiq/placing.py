"""OFIQ's measures of where the face stands in the picture, how it is held, and what eyes and mouth do: #12 to #26."""

import math
from typing import Final

import numpy as np

from photo_service.models.ports import Points
from photo_service.ofiq.light import eye_centres
from photo_service.photo import Located

_RIGHT_LIDS: Final = ((160, 144), (159, 145), (158, 153))
_LEFT_LIDS: Final = ((385, 380), (386, 374), (387, 373))
_INNER_LIPS: Final = ((81, 178), (13, 14), (311, 402))
_CHIN: Final = 152


def placing_measures(located: Located) -> dict[str, float]:
    """Return the raw values by OFIQ's names: ratios, degrees, and the eye distance in pixels of the file.

    The pose is of MediaPipe's landmarks, not of 3DDFA-V2; HeadSize is of OFIQ's ideal and suits no photo whose margins
    suit it (its issues 52, 60, 76): reported for comparison alone.
    """
    points, upright = located.mesh.points, located.upright
    width, height = upright.size
    right, left = eye_centres(points)
    eyes_x, eyes_y = (right[0] + left[0]) / 2, (right[1] + left[1]) / 2
    apart = max(math.dist(right, left), 1e-6)
    to_chin = max(math.dist((eyes_x, eyes_y), points[_CHIN, :2].tolist()), 1e-6)
    areas = [face.width * face.height for face in located.faces]
    pose = located.pose
    return {
        "SingleFacePresent": sorted(areas)[-2] / max(areas) if len(areas) > 1 else 0.0,
        "EyesOpen": min(_widest(points, _RIGHT_LIDS), _widest(points, _LEFT_LIDS)) / to_chin,
        "MouthClosed": _widest(points, _INNER_LIPS) / to_chin,
        "InterEyeDistance": apart * upright.reduction / max(math.cos(math.radians(pose.yaw)), 1e-3),
        "HeadSize": to_chin / height,
        "LeftwardCropOfTheFaceImage": right[0] / apart,
        "RightwardCropOfTheFaceImage": (width - left[0]) / apart,
        "MarginAboveOfTheFaceImage": eyes_y / to_chin,
        "MarginBelowOfTheFaceImage": (height - eyes_y) / to_chin,
        "HeadPoseYaw": pose.yaw,
        "HeadPosePitch": pose.pitch,
        "HeadPoseRoll": located.anatomy.roll,
    }


def _widest(points: Points, pairs: tuple[tuple[int, int], ...]) -> float:
    ends = points[np.array(pairs), :2]
    return float(np.hypot(*(ends[:, 0] - ends[:, 1]).T).max())
