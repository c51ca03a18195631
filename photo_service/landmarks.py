"""Which of MediaPipe's 468 landmarks is what. "Left" and "right" are the person's own."""

FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""Around the face, clockwise in an unmirrored picture, from the top of the forehead."""
