"""A phone on a slow line fetches the catalogue once, and small; nothing with a secret in it is compressed."""

import gzip
import json
from typing import Any

import pytest
from web_world import World

GZIP = {"Accept_Encoding": "gzip, deflate, br"}
ACCEPTING = {"Accept-Encoding": "gzip, deflate, br"}
PUBLIC = ["/v1/specs", "/openapi.json", "/docs", "/static/app.css", "/bootstrap/static/css/bootstrap.min.css"]


def fetch(world: World, path: str, **headers: str) -> Any:
    """Ask as a browser does, which reads to the end and lets go of the file."""
    answer = world.client().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer.get_data()
    answer.close()
    return answer


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_public_travels_small_and_arrives_whole(world: World, path: str) -> None:
    """The same bytes after unpacking, for those who take gzip; plain for those who do not."""
    packed = fetch(world, path, **GZIP)
    plain = fetch(world, path)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in plain.headers
    for answer in (packed, plain):
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("refusing", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_gzip_gets_none(world: World, refusing: str) -> None:
    """Whatever else they take."""
    answer = fetch(world, "/v1/specs", Accept_Encoding=refusing)

    assert "Content-Encoding" not in answer.headers
    assert answer.get_json()["specs"]


def test_the_catalogue_is_known_again_by_its_mark(world: World) -> None:
    """A second visit costs a few hundred bytes, packed or not; another spec has another mark."""
    first = fetch(world, "/v1/specs", **GZIP)
    mark = first.headers["ETag"]
    again = fetch(world, "/v1/specs", If_None_Match=mark, **GZIP)
    other = fetch(world, "/v1/specs/hunan-pretco", If_None_Match=mark)

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.data) == (304, b"")
    assert fetch(world, "/v1/specs", If_None_Match=mark).status_code == 304
    assert again.headers["ETag"] == mark
    assert (other.status_code, other.headers["ETag"] == mark) == (200, False)


def test_a_static_file_is_known_again_after_it_was_packed(world: World) -> None:
    """Browsers send back the mark of the packed one."""
    mark = fetch(world, "/static/app.css", **GZIP).headers["ETag"]

    assert fetch(world, "/static/app.css", If_None_Match=mark, **GZIP).status_code == 304


def test_a_part_of_a_file_is_left_alone(world: World) -> None:
    """Bytes 0 to 9 are the file's, not the archive's."""
    answer = fetch(world, "/static/app.css", Range="bytes=0-9", **GZIP)

    assert answer.status_code in {200, 206}
    assert "Content-Encoding" not in answer.headers


def test_pages_with_tokens_answers_to_persons_and_pictures_are_never_packed(world: World) -> None:
    """Their length would tell what they hold."""
    student, registrar = world.student(), world.staff("registrar")
    photo = student.ready_photo()
    private = [
        registrar.get("/console/account", headers=ACCEPTING),
        registrar.get("/console/registries", headers=ACCEPTING),
        fetch(world, "/console/login", **GZIP),
        fetch(world, "/", **GZIP),
        *(student.http.get(path, headers={**student.headers, **ACCEPTING})
          for path in ("/v1/campaigns", "/v1/submissions", f"/v1/photos/{photo}", f"/v1/photos/{photo}/image")),
    ]  # fmt: skip

    assert [answer.status_code for answer in private] == [200] * 8
    assert [answer.headers.get("Content-Encoding") for answer in private] == [None] * 8


def test_the_catalogue_is_below_a_quarter_of_its_size(world: World) -> None:
    """Some hundred kilobytes of specs, less than twenty on the line."""
    packed = fetch(world, "/v1/specs", **GZIP)

    assert len(packed.data) < 20_000
    assert len(json.loads(gzip.decompress(packed.data))["specs"]) > 40
