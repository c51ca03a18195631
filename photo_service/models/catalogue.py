"""Name the five networks of the embedded family and pin where they come from.

They are data files of the `mediapipe` wheel (Apache-2.0). Only those files are used, never its code.
"""

from dataclasses import dataclass

FAMILY = "embedded"
LICENCE = "Apache-2.0"
WHEEL_PROJECT = "mediapipe"
WHEEL_VERSION = "0.10.21"
WHEEL_PYTHON = "3.11"
WHEEL_PLATFORM = "manylinux_2_28_x86_64"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
WHEEL_SIZE_MB = 35.6


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """One network: its name here, where it lies in the wheel, and the checksum it must have there."""

    name: str
    wheel_path: str
    tflite_sha256: str

    @property
    def file(self) -> str:
        return f"{self.name}.onnx"

    @property
    def source(self) -> str:
        return f"{WHEEL_PROJECT}=={WHEEL_VERSION}: {self.wheel_path}"


FACE_DETECTION = EmbeddedModel(
    "face_detection",
    "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
)
FACE_MESH = EmbeddedModel(
    "face_mesh",
    "mediapipe/modules/face_landmark/face_landmark.tflite",
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
)
IRIS = EmbeddedModel(
    "iris",
    "mediapipe/modules/iris_landmark/iris_landmark.tflite",
    "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
)
SELFIE_SEGMENTATION = EmbeddedModel(
    "selfie_segmentation",
    "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
)
PALM_DETECTION = EmbeddedModel(
    "palm_detection",
    "mediapipe/modules/palm_detection/palm_detection_full.tflite",
    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
)
EMBEDDED = (FACE_DETECTION, FACE_MESH, IRIS, SELFIE_SEGMENTATION, PALM_DETECTION)
