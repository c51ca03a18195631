"""One worker process for the recovery tests: the real house and the real loop, with a renderer that takes its time.

`python crew_member.py WORK SETTINGS.json [PLACE]`; the test writes the settings file. Nothing in the product knows of
it.
"""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from api.adapters.logging import configure_logging
from api.bootstrap import build
from api.config import Settings
from api.config_s3 import S3Address
from api.domain.work import Work
from photo_service.contract import Exhibit, Output, Rendered, Report, Verdict
from worker.rounds import work

JPEG = b"\xff\xd8 a finished photo \xff\xd9"


class SlowRenderer:
    """Sleep for as long as the test said, then pass every selfie."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        time.sleep(self._seconds)
        output = Output(
            width=180, height=240, dpi=72, bytes=len(JPEG), format="JPEG", mode="RGB", sha256="0" * 64, quality=95
        )
        report = Report(spec=spec, verdict=Verdict.PASS, source=source, engine="slow", output=output)
        return Rendered(report=report, photo=JPEG)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        return Exhibit(JPEG, JPEG, JPEG)

    def warm(self) -> None:
        pass


def settings_of(file: Path) -> tuple[Settings, float]:
    """Read what the test wrote."""
    given = SimpleNamespace(**json.loads(file.read_text(encoding="utf-8")))
    home = Path(given.home)
    settings = Settings(
        embedded=True,
        home=home,
        database_url=f"sqlite:///{home}/idphoto.db",
        redis_url=given.redis_url,
        blob_dir=home / "blobs",
        bucket=S3Address(**given.bucket) if given.bucket else None,
        public_url="http://127.0.0.1:8000",
        dev_login=True,
        lease_s=given.lease_s,
        sweep_every_s=0.3,
        deliver_lease_s=5.0,
        registry_timeout_s=2.0,
        registry_allow_private=True,
        retry_schedule_s=(0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        log_format="console",
    )
    return settings, given.render_s


if __name__ == "__main__":
    settings, render_s = settings_of(Path(sys.argv[2]))
    configure_logging(settings.log_format)
    house = build(settings, renderer=SlowRenderer(render_s))
    try:
        work(house, Work(sys.argv[1]), place=sys.argv[3] if len(sys.argv) > 3 else None)
    finally:
        house.close()
