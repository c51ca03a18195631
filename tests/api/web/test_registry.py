"""The school's system: it follows signed links and answers signed."""

import json

from web_world import ANSWER_SECRET, Student, World, made_photo

from api.domain import signing
from api.services.pull_links import pull_token


def _signed(world: World, body: bytes, *, secret: str = ANSWER_SECRET, message: str = "msg_1") -> dict[str, str]:
    sent_at = int(world.clock.now().timestamp())
    return signing.headers([secret], message_id=message, sent_at=sent_at, body=body) | {
        "Content-Type": "application/json"
    }


def _verdict(submission: str, kind: str = "submission.approved", **data: str) -> bytes:
    return json.dumps({"type": kind, "data": {"submission": submission, **data}}).encode()


def test_a_signed_link_gives_the_photo_and_nothing_else_does(world: World, zhang: Student) -> None:
    """A changed or stale link is refused, without a login either way."""
    photo = zhang.ready_photo()
    token, _ = pull_token(photo, vault=world.house.parts.vault, now=world.clock.now())
    answer = world.client().get(f"/v1/registry/photos/{token}")
    assert (answer.status_code, answer.data) == (200, made_photo())
    for false in (token[:-2] + "xx", token.replace(photo, "ph_other"), "x", "..", "a.b.c"):
        refused = world.client().get(f"/v1/registry/photos/{false}")
        assert refused.status_code in {401, 404}
    zhang.delete(f"/v1/photos/{photo}")
    assert world.client().get(f"/v1/registry/photos/{token}").status_code == 404


def test_a_registrys_signed_approval_counts_once(world: World, zhang: Student) -> None:
    """The same message again changes nothing and is answered the same."""
    submission = zhang.submit()["id"]
    body = _verdict(submission)
    for _ in range(2):
        answer = world.client().post("/v1/registry/verdicts", data=body, headers=_signed(world, body))
        assert (answer.status_code, answer.get_json()) == (200, {"submission": submission, "state": "approved"})


def test_a_registry_may_return_a_submission_with_a_reason(world: World, zhang: Student) -> None:
    """The student reads it."""
    body = _verdict(zhang.submit()["id"], "submission.returned", reason="背景不是白色")
    assert world.client().post("/v1/registry/verdicts", data=body, headers=_signed(world, body)).status_code == 200
    assert zhang.get("/v1/submissions").get_json()["submissions"][0]["reason"] == "背景不是白色"


def test_an_unsigned_or_falsely_signed_verdict_changes_nothing(world: World, zhang: Student) -> None:
    """Nor does one signed for another body or by another secret."""
    submission = zhang.submit()["id"]
    body = _verdict(submission)
    other = signing.new_secret()
    attempts = [
        {"Content-Type": "application/json"},
        _signed(world, body, secret=other),
        _signed(world, body + b" "),
        _signed(world, body) | {"webhook-signature": "v1,@@@"},
        _signed(world, body) | {"webhook-timestamp": "later"},
    ]
    for headers in attempts:
        answer = world.client().post("/v1/registry/verdicts", data=body, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "signature_invalid")
    assert zhang.get("/v1/submissions").get_json()["submissions"][0]["state"] == "submitted"


def test_a_verdict_that_is_no_message_is_refused_politely(world: World) -> None:
    """Broken JSON, lists, nothing at all."""
    for body in (b"", b"[]", b"{", b'{"type": 1, "data": []}', b"\xff\xfe", b"[" * 60_000):
        answer = world.client().post("/v1/registry/verdicts", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {401, 422}
        assert answer.mimetype == "application/problem+json"


def test_a_verdict_with_what_no_database_keeps_is_refused_before_anything_is_looked_up(world: World) -> None:
    """Half characters, NUL and NaN are a caller's fault, never ours."""
    for word in (rb'"\ud800"', rb'"sb_\u0000"', b"NaN"):
        body = b'{"type": "submission.approved", "data": {"submission": ' + word + b"}}"
        answer = world.client().post("/v1/registry/verdicts", data=body, headers=_signed(world, body))
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
