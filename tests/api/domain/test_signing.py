"""A school trusts an event because of its signature, and we trust its answer for the same reason."""

import base64
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.domain import signing
from api.domain.errors import SignatureInvalid

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another key of exactly 32 bytes.").decode()
NOW = 1614265330
BODY = b'{"test": 2432232314}'
VECTOR = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

message_ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="."), min_size=1)


def signed(*secrets, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at=NOW, body=BODY):
    return signing.headers(secrets or [SECRET], message_id=message_id, sent_at=sent_at, body=body)


def test_the_published_vector_is_signed_to_the_letter():
    """The example every Standard Webhooks library is checked with comes out of ours."""
    assert signed() == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": VECTOR,
    }


def test_the_published_vector_is_accepted():
    """A registry that signs by the book is believed, and we learn which message it was."""
    assert signing.verify([SECRET], headers=signed(), body=BODY, now=NOW) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@given(body=st.dictionaries(st.text(), st.integers() | st.text()), message_id=message_ids)
def test_the_official_library_believes_every_event_we_sign(body, message_id):
    """Whatever the payload, a school that uses the official Python library verifies it, with either secret."""
    raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
    fresh = signed(SECRET, OTHER, message_id=message_id, sent_at=int(time.time()), body=raw)

    Webhook(SECRET).verify(raw, fresh)
    Webhook(OTHER).verify(raw, fresh)


@given(body=st.text(), message_id=message_ids, sent_at=st.integers(0, 4_000_000_000))
def test_we_believe_every_event_the_official_library_signs(body, message_id, sent_at):
    """A registry that answers with the official library is believed."""
    signature = Webhook(SECRET).sign(message_id, datetime.fromtimestamp(sent_at, tz=UTC), body_text(body))
    theirs = {"webhook-id": message_id, "webhook-timestamp": str(sent_at), "webhook-signature": signature}

    assert signing.verify([SECRET], headers=theirs, body=body_text(body).encode(), now=sent_at) == message_id


def body_text(text):
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/New_York"])
def test_the_machines_time_zone_changes_nothing(zone):
    """A server in Chongqing signs the same instant exactly like one in UTC."""
    program = (
        "from api.domain import signing; import sys;"
        f"print(signing.headers([{SECRET!r}], message_id='msg_p5jXN8AQM9LWM0D4loKWxJek', sent_at={NOW},"
        f" body={BODY!r})['webhook-signature'])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert answer.stdout.strip() == VECTOR


def test_both_secrets_work_while_a_registry_changes_over():
    """During a rotation old and new secret sign side by side, so no event is lost in between."""
    both = signed(SECRET, OTHER)

    assert len(both["webhook-signature"].split(" ")) == 2
    for known in ([SECRET], [OTHER], [OTHER, SECRET]):
        assert signing.verify(known, headers=both, body=BODY, now=NOW)


def test_a_stranger_s_signature_is_refused():
    """Signed with a secret we do not know: refused."""
    with pytest.raises(SignatureInvalid):
        signing.verify([OTHER], headers=signed(SECRET), body=BODY, now=NOW)


def test_without_a_secret_nobody_is_believed():
    """A registry without a secret of its own cannot answer at all."""
    with pytest.raises(SignatureInvalid):
        signing.verify([], headers=signed(), body=BODY, now=NOW)


@given(body=st.binary())
def test_any_other_body_is_refused(body):
    """One changed byte and the signature no longer fits."""
    if body == BODY:
        return
    with pytest.raises(SignatureInvalid):
        signing.verify([SECRET], headers=signed(), body=body, now=NOW)


@pytest.mark.parametrize(("drift_s", "believed"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_clocks_may_differ_by_five_minutes(drift_s, believed):
    """An old recording is refused, and so is one from the future; five minutes either way are forgiven."""
    if believed:
        assert signing.verify([SECRET], headers=signed(), body=BODY, now=NOW + drift_s)
    else:
        with pytest.raises(SignatureInvalid):
            signing.verify([SECRET], headers=signed(), body=BODY, now=NOW + drift_s)


def test_header_names_may_be_written_in_any_case():
    """Proxies rewrite header names; HTTP says that is fine."""
    shouted = {name.title(): value for name, value in signed().items()}

    assert signing.verify([SECRET], headers=shouted, body=BODY, now=NOW)


def test_unknown_signature_schemes_beside_ours_are_passed_over():
    """A registry may sign with ed25519 as well; the line we understand counts."""
    mixed = {**signed(), "webhook-signature": f"v1a,AAAA {VECTOR} v9"}

    assert signing.verify([SECRET], headers=mixed, body=BODY, now=NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-signature", ""),
        ("webhook-signature", "no comma"),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,not*base64"),
        ("webhook-signature", "v1," + "签" * 44),
        ("webhook-signature", "v1,\ud800"),
        ("webhook-signature", VECTOR.replace("v1,", "v2,")),
        ("webhook-signature", ("v1,AAAA " * 16) + VECTOR),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "1614265330.5"),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", " 1614265330"),
        ("webhook-timestamp", "\u0661\u0666\u0661\u0664\u0662\u0666\u0665\u0663\u0663\u0660"),  # digits, Arabic-Indic
        ("webhook-timestamp", "9" * 5000),
        ("webhook-timestamp", "nan"),
        ("webhook-id", ""),
        ("webhook-id", "msg.with.dots"),
        ("webhook-id", "消息"),
        ("webhook-id", "x" * 257),
        ("webhook-id", "line\nbreak"),
    ],
)
def test_a_malformed_header_is_refused_by_name(name, value):
    """Garbage in a header is one named error, never a crash."""
    with pytest.raises(SignatureInvalid):
        signing.verify([SECRET], headers={**signed(), name: value}, body=BODY, now=NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused_by_name(name):
    """Each of the three headers is needed."""
    lacking = {key: value for key, value in signed().items() if key != name}

    with pytest.raises(SignatureInvalid):
        signing.verify([SECRET], headers=lacking, body=BODY, now=NOW)


@given(
    headers=st.dictionaries(st.sampled_from(["webhook-id", "Webhook-Timestamp", "webhook-signature", "x"]), st.text()),
    body=st.binary(),
    now=st.integers(-(10**12), 10**12),
)
def test_nothing_a_caller_sends_raises_anything_else(headers, body, now):
    """Fuzz: no header, body or clock brings out another error than SignatureInvalid."""
    with pytest.raises(SignatureInvalid):
        signing.verify([SECRET], headers=headers, body=body, now=now)


def test_where_the_official_library_crashes_we_still_answer_by_name():
    """The library lets ValueError out on a signature without a comma; a route built on it would answer 500."""
    comma_less = {**signed(sent_at=int(time.time())), "webhook-signature": "garbage"}
    with pytest.raises(ValueError, match="unpack") as crash:
        Webhook(SECRET).verify(BODY, comma_less)
    assert not isinstance(crash.value, WebhookVerificationError)

    with pytest.raises(SignatureInvalid):
        signing.verify([SECRET], headers=comma_less, body=BODY, now=int(time.time()))


def test_a_new_secret_is_long_random_and_usable():
    """Every registry gets its own 32 random bytes."""
    first, second = signing.new_secret(), signing.new_secret()

    assert first != second
    assert first.startswith("whsec_")
    assert len(signing.key_of(first)) == 32
    assert signing.verify([first], headers=signed(first), body=BODY, now=NOW)


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_short", "whsec_" + "A" * 40 + "*", "whsec_" + base64.b64encode(b"x" * 65).decode(), "密钥"],
)
def test_an_unusable_secret_is_named_but_never_shown(secret):
    """A wrong secret in the settings is reported without printing it."""
    with pytest.raises(signing.MalformedSecret) as refusal:
        signed(secret)
    assert not secret or secret not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("message_id", ["", "a.b", "with space", "编号", "x" * 257])
def test_an_id_the_standard_does_not_allow_is_not_signed(message_id):
    """The dot separates what is signed, so an id may not hold one."""
    with pytest.raises(ValueError, match="message id"):
        signed(message_id=message_id)


def test_an_event_is_not_sent_unsigned():
    """No secret, no event."""
    with pytest.raises(ValueError, match="at least one secret"):
        signing.headers([], message_id="msg_1", sent_at=NOW, body=BODY)
