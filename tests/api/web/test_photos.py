"""From a selfie to a photo, and everything that may be refused on the way."""

import io
from pathlib import Path
from random import Random

import httpx
import pytest
from web_world import Student, World, made_photo, made_selfie, make_world


def test_a_selfie_is_taken_in_at_once_and_its_place_in_the_queue_is_told(
    world: World, zhang: Student, li: Student
) -> None:
    """202, where to ask, and how many are before."""
    li.upload()
    world.clock.sleep(1)
    answer = zhang.upload()
    body = answer.get_json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == body["status_url"] == f"/v1/photos/{body['id']}"
    assert (body["state"], body["position"]) == ("queued", 1)


def test_a_ready_photo_is_shown_with_its_report_and_fetched_by_name(world: World, zhang: Student) -> None:
    """The JPEG comes with its digest as ETag, is kept by no cache and sniffed by no browser."""
    photo = zhang.ready_photo(campaign=zhang.bind())
    shown = zhang.get(f"/v1/photos/{photo}?wait=20").get_json()
    assert (shown["state"], shown["report"]["verdict"]) == ("ready", "pass")
    image = zhang.get(shown["image_url"])
    assert (image.status_code, image.mimetype, image.data) == (200, "image/jpeg", made_photo())
    assert image.headers["ETag"] == f'"{shown["report"]["output"]["sha256"]}"'
    assert image.headers["Cache-Control"] == "private, no-store"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert image.headers["Content-Disposition"] == f'attachment; filename="{world.person().id_number}.jpg"'
    same = zhang.get(shown["image_url"], headers={"If-None-Match": image.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_a_rejected_photo_names_every_reason_with_its_advice(world: World, zhang: Student) -> None:
    """All of them, and no image to fetch."""
    world.renderer.verdict = "fail"
    photo = zhang.ready_photo()
    shown = zhang.get(f"/v1/photos/{photo}").get_json()
    assert shown["state"] == "rejected"
    assert len(shown["report"]["findings"]) == 5
    assert all(finding["advice"] for finding in shown["report"]["findings"])
    image = zhang.get(f"/v1/photos/{photo}/image")
    assert (image.status_code, image.get_json()["code"]) == (409, "photo_not_ready")


def test_a_file_that_is_no_picture_is_explained_in_words(world: World, zhang: Student) -> None:
    """The student reads what to do, not a code."""
    world.renderer.verdict = "garbage"
    shown = zhang.get(f"/v1/photos/{zhang.ready_photo()}").get_json()
    assert (shown["state"], shown["error"]["code"]) == ("rejected", "unreadable_image")
    assert "重新拍摄" in shown["error"]["advice"]


def test_waiting_ends_as_soon_as_the_verdict_is_there(world: World, zhang: Student) -> None:
    """The worker finishes while the student waits."""
    photo = zhang.upload().get_json()["id"]
    world.clock.on_sleep = lambda: world.render(photo)
    assert zhang.get(f"/v1/photos/{photo}?wait=20").get_json()["state"] == "ready"
    assert world.clock.passed < 1


def test_when_too_many_wait_the_answer_comes_at_once_with_retry_after(tmp_path: Path) -> None:
    """The wait is a courtesy: the state is told all the same."""
    world = make_world(tmp_path, max_waiters=0)
    zhang = world.student()
    answer = zhang.get(f"/v1/photos/{zhang.upload().get_json()['id']}?wait=20")
    assert (answer.status_code, answer.get_json()["state"]) == (200, "queued")
    assert int(answer.headers["Retry-After"]) >= 1
    world.house.close()


@pytest.mark.parametrize("wait", ["26", "-1", "soon", "nan", "inf", "1e3"])
def test_a_wait_outside_the_promise_is_refused(zhang: Student, wait: str) -> None:
    """Named as the argument it is."""
    answer = zhang.get(f"/v1/photos/ph_x?wait={wait}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "wait"


def test_another_students_photo_is_as_if_it_were_not(zhang: Student, li: Student) -> None:
    """Li can neither read, fetch, delete nor confirm what is Zhang's, nor learn that it exists."""
    photo = zhang.ready_photo()
    strangers = [
        li.get(f"/v1/photos/{photo}"),
        li.get(f"/v1/photos/{photo}?wait=5"),
        li.get(f"/v1/photos/{photo}/image"),
        li.delete(f"/v1/photos/{photo}"),
        li.post("/v1/submissions", json={"photo": photo, "campaign": li.bind("李示例"), "profile": {}}),
    ]
    nothing = li.get("/v1/photos/ph_nothing").get_json()
    for answer in strangers:
        body = answer.get_json()
        assert answer.status_code == 404
        assert (body["code"], body["detail"]) == (nothing["code"], nothing["detail"])
    assert zhang.get(f"/v1/photos/{photo}").status_code == 200


def test_a_deleted_photo_is_gone(zhang: Student) -> None:
    """For its own student too."""
    photo = zhang.ready_photo()
    assert zhang.delete(f"/v1/photos/{photo}").status_code == 204
    assert zhang.get(f"/v1/photos/{photo}").status_code == 404
    assert zhang.get(f"/v1/photos/{photo}/image").status_code == 404


def test_the_same_key_and_selfie_give_the_same_photo_and_other_bytes_a_conflict(zhang: Student) -> None:
    """A network that broke after the upload costs nothing."""
    first, again = (zhang.upload(key="k-1").get_json()["id"] for _ in range(2))
    assert first == again
    other = zhang.upload(made_photo(), key="k-1")
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("key", ["two words", "密钥", "x" * 129])
def test_a_malformed_idempotency_key_is_refused_by_name(zhang: Student, key: str) -> None:
    """The fault names the header."""
    answer = zhang.upload(key=key)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["header"] == "Idempotency-Key"


def test_an_empty_file_is_unreadable(zhang: Student) -> None:
    """Not queued to fail later."""
    answer = zhang.upload(b"")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unreadable_image")


class Untouchable(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("the body was read")


def test_an_oversized_upload_is_refused_by_its_length_before_it_is_read(zhang: Student) -> None:
    """The body is never touched: one that would fail when read is not read."""
    answer = zhang.post(
        "/v1/photos",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Untouchable(), "CONTENT_LENGTH": "50000000"},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "upload_too_large")
    assert "10.0 MB" in answer.get_json()["detail"]


def test_an_upload_without_a_length_is_read_up_to_the_limit_only(zhang: Student) -> None:
    """Chunked bodies do not get past the limit either."""
    endless = io.BytesIO(
        b'--x\r\nContent-Disposition: form-data; name="selfie"; filename="a"\r\n\r\n' + b"a" * 11_000_000
    )
    answer = zhang.post(
        "/v1/photos",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": endless, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "upload_too_large")
    assert endless.tell() < 10_200_000


def test_a_file_just_over_the_limit_is_refused_and_one_at_the_limit_is_not(tmp_path: Path) -> None:
    """The limit is the file's, not the envelope's."""
    world = make_world(tmp_path, max_upload_bytes=100_000)
    zhang = world.student()
    assert zhang.upload(b"x" * 100_001).get_json()["code"] == "upload_too_large"
    assert zhang.upload(b"x" * 100_000).status_code == 202
    world.house.close()


def test_a_camera_file_arrives_whole_wherever_its_bytes_look_like_line_ends(zhang: Student) -> None:
    """A JPEG is full of them, and a form is read piece by piece: no piece is taken for too long a form."""
    camera_file = Random(7).randbytes(3_000_000) + b"\r\n" * 100_000
    sent = httpx.Request(
        "POST", "http://campus.test", files={"selfie": ("a.jpg", camera_file)}, data={"spec": "one-inch"}
    )

    answer = zhang.post("/v1/photos", data=sent.read(), content_type=sent.headers["Content-Type"])

    assert answer.status_code == 202


def test_a_full_queue_takes_nothing_and_says_when_to_come_back(tmp_path: Path) -> None:
    """503 with `Retry-After`; nothing is stored."""
    world = make_world(tmp_path, max_queued=1)
    zhang = world.student()
    zhang.upload()
    answer = zhang.upload(made_photo())
    assert (answer.status_code, answer.get_json()["code"]) == (503, "queue_full")
    assert int(answer.headers["Retry-After"]) > 0
    world.house.close()


def test_a_silent_redis_loses_no_selfie(world: World, zhang: Student) -> None:
    """The database has it; the sweeper rings later."""
    world.bell.silent = True
    answer = zhang.upload()
    assert answer.status_code == 202
    world.bell.silent = False
    world.render(answer.get_json()["id"])
    assert zhang.get(answer.get_json()["status_url"]).get_json()["state"] == "ready"


def _file() -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(made_selfie()), "../../etc/passwd.jpg", "image/jpeg"


def test_what_the_upload_form_must_be(zhang: Student) -> None:
    """One file named selfie, exactly one of spec and campaign, nothing else."""
    both = zhang.post("/v1/photos", data={"selfie": _file(), "spec": "one-inch", "campaign": "x"})
    neither = zhang.post("/v1/photos", data={"selfie": _file()})
    no_file = zhang.post("/v1/photos", data={"spec": "one-inch"}, content_type="multipart/form-data")
    as_text = zhang.post("/v1/photos", data={"spec": "one-inch", "selfie": "x"}, content_type="multipart/form-data")
    two = zhang.post("/v1/photos", data={"spec": "one-inch", "selfie": [_file(), _file()]})
    for answer in (both, neither, no_file, as_text, two):
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request"), answer.text
        assert answer.get_json()["errors"][0]["pointer"] in {"#/spec", "#/selfie"}


def test_unknown_form_fields_are_refused_by_name(zhang: Student) -> None:
    """The fault that one mini-program has shipped for years cannot happen here."""
    field = zhang.post("/v1/photos", data={"selfie": _file(), "spec": "one-inch", "face_alignment": "1"})
    file = zhang.post("/v1/photos", data={"selfie": _file(), "spec": "one-inch", "extra": _file()})
    assert field.get_json()["code"] == file.get_json()["code"] == "unknown_field"
    assert "face_alignment" in field.get_json()["detail"]
    assert file.get_json()["errors"][0]["pointer"] == "#/extra"


def test_a_selfie_sent_as_json_or_form_is_of_the_wrong_kind(zhang: Student) -> None:
    """415 names the kind that is wanted."""
    for sent in ({"json": {"spec": "one-inch"}}, {"data": b"x", "content_type": "image/jpeg"}):
        answer = zhang.post("/v1/photos", **sent)
        assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")
        assert "multipart/form-data" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "body",
    [b"", b"--x", b"--x\r\n\r\n", b'--x\r\nContent-Disposition: form-data; name="selfie"; filename="a"\r\n\r\nabc'],
)
def test_a_broken_form_is_refused_without_a_fault_of_ours(zhang: Student, body: bytes) -> None:
    """Whatever the bytes, the answer is a 4xx problem."""
    answer = zhang.post("/v1/photos", data=body, content_type="multipart/form-data; boundary=x")
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"


def test_the_uploads_own_file_name_goes_nowhere(zhang: Student) -> None:
    """A path in the multipart file name is no path of ours."""
    answer = zhang.post("/v1/photos", data={"selfie": _file(), "spec": "one-inch"})
    photo = answer.get_json()["id"]
    zhang.world.render(photo)
    name = zhang.get(f"/v1/photos/{photo}/image").headers["Content-Disposition"]
    assert "passwd" not in name
