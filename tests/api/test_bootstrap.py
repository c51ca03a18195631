"""The house as it is really built."""

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints

import pytest
from house_fakes import FakeRenderer, settings_for

from api.adapters.renderer import LazyRenderer
from api.bootstrap import House, build
from api.domain.errors import RendererAway, SchemaBehind

LOOK = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from house_fakes import settings_for
from api.bootstrap import House, build
house = build(settings_for(Path(sys.argv[1])))
student = house.login_as_developer("alice").student.id
for text in house.list_consents(student):
    house.give_consent(student, text.id)
house.submit_selfie(student, selfie=b"x", spec="hunan-pretco", campaign=None, idempotency_key=None)
house.close()
print(sorted({name.split(".")[0] for name in sys.modules} & {"onnxruntime", "rembg", "worker", "flask", "cv2"}))
"""


def test_a_process_that_renders_nothing_loads_no_model(tmp_path: Path):
    """The API's house takes a selfie in without an inference engine in its memory."""
    answer = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), *map(str, Path(__file__).parents[:2])],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )

    assert answer.stdout.strip() == "[]"


def test_the_embedded_house_sets_itself_up(tmp_path: Path):
    """From an empty folder: schema, key file, and a health that is honest about Redis."""
    house = build(settings_for(tmp_path), renderer=FakeRenderer())

    assert house.ping() == {"database": "ok", "redis": "QueueUnavailable", "blobs": "ok"}
    assert (tmp_path / "data.key").exists()
    assert house.list_campaigns("st_nobody") == ()
    house.close()


def test_a_server_does_not_touch_a_schema_that_is_behind(tmp_path: Path):
    """Elsewhere than in the embedded mode a person migrates, and the start says so."""
    settings = replace(settings_for(tmp_path), embedded=False, data_keys=(b"k" * 32,))

    with pytest.raises(SchemaBehind):
        build(settings)


def test_a_database_that_is_gone_is_seen(tmp_path: Path):
    """The health check names what is wrong with each part."""
    house = build(settings_for(tmp_path), renderer=FakeRenderer())
    house.parts.database.close()
    (tmp_path / "idphoto.db").unlink()
    (tmp_path / "idphoto.db").mkdir()

    assert house.ping()["database"] == "OperationalError"
    house.close()


def test_a_house_warms_up_on_request_only(tmp_path: Path):
    """Building loads nothing; the worker asks for it."""
    renderer = FakeRenderer()
    house = build(settings_for(tmp_path), renderer=renderer)

    assert renderer.warmed == 0
    house.warm()
    assert renderer.warmed == 1
    house.close()


class Away(Exception):
    """The photo service's machine does not answer."""


def test_the_renderer_is_made_once_and_late():
    """At the first render, and never again."""
    made = []

    def make():
        made.append(FakeRenderer())
        return made[-1], Away

    lazy = LazyRenderer(make)
    assert made == []
    lazy.render(b"x", spec="hunan-pretco", source="selfie")
    lazy.warm()
    assert len(made) == 1
    assert made[0].warmed == 1


def test_a_photo_service_that_is_away_has_our_name():
    """Its own error becomes RendererAway, in a render and when warming up, with the reason."""

    class Dead(FakeRenderer):
        def warm(self) -> None:
            raise Away("no models here")

    lazy = LazyRenderer(lambda: (Dead(outcomes=[Away("no models here")]), Away))

    with pytest.raises(RendererAway, match="models"):
        lazy.warm()
    with pytest.raises(RendererAway):
        lazy.render(b"x", spec="hunan-pretco", source="selfie")


def test_every_room_of_the_house_holds_what_its_name_says(tmp_path: Path):
    """Each field is an instance of what it is declared as."""
    house = build(settings_for(tmp_path), renderer=FakeRenderer())
    hints = get_type_hints(House)

    wrong = [
        one.name
        for one in fields(House)
        if one.name != "clock" and type(getattr(house, one.name)) is not hints[one.name]
    ]

    house.close()
    assert wrong == []
