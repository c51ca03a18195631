"""The same bytes in give the same bytes out: twice in one process, and in another one."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.portraits import as_phone_selfie
from photo_service.pipeline import Studio

SPECS = ("one-inch", "two-inch", "cet-150x210")
ELSEWHERE = """
import hashlib, os, pathlib, sys
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio
studio = open_studio(models_home(os.environ), threads=1)
for spec in sys.argv[2:]:
    photo = studio.render(pathlib.Path(sys.argv[1]).read_bytes(), spec=spec, source="selfie").photo
    print(hashlib.sha256(photo or b"").hexdigest())
"""


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a spec: whether a photo was made, and how many different files came of three renderings."""
    selfie = as_phone_selfie(2.0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "selfie.jpg"
        file.write_bytes(selfie)
        command = [sys.executable, "-c", ELSEWHERE, str(file), *SPECS]
        elsewhere = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.split()
    rows = []
    for spec, other in zip(SPECS, elsewhere, strict=True):
        photos = [studio.render(selfie, spec=spec, source="selfie").photo for _ in range(2)]
        digests = {hashlib.sha256(photo or b"").hexdigest() for photo in photos} | {other}
        rows.append({"spec": spec, "photo": photos[0] is not None, "different_files": len(digests)})
    return rows
