"""The door for WeChat's pushes: Tencent's own vectors open it, everything else stays outside without a traceback."""

import json
from datetime import UTC, datetime

import pytest
from house_fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from api.adapters.wechat.push_door import NoPushDoor, SecurePushDoor, signature_of
from api.domain.errors import NotFound
from api.domain.errors_wechat import PushRefused
from deploy.fake_wechat.pushing import PushSecrets, Sealed, encrypt, seal, sign, to_xml

TOKEN, KEY, APP_ID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
OTHER_KEY = "Ejt6sfD4cvPZkOuUbb2wWQyCD9KWAzWFK2yMqv1XEZ8"
SECRETS = PushSecrets(APP_ID, TOKEN, KEY)
ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
SECURE = {
    "signature": "0",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
EVENT = {
    "ToUserName": "gh_97417a04a28d",
    "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "CreateTime": 1714112445,
    "MsgType": "event",
    "Event": "debug_demo",
    "debug_str": "hello 世界",
}
AT = 1714112445


def door_at(seconds: int, *, keys: tuple[str, ...] = (KEY,), app_id: str = APP_ID) -> SecurePushDoor:
    return SecurePushDoor(TOKEN, keys, app_id=app_id, clock=FakeClock(datetime.fromtimestamp(seconds, UTC)))


def body(sealed: str = ENCRYPT) -> bytes:
    return json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": sealed}).encode()


def refused(door: SecurePushDoor, query: dict[str, str], content: bytes) -> str:
    with pytest.raises(PushRefused) as refusal:
        door.open(query, content)
    return refusal.value.facts["reason"]


def test_tencents_address_check():
    """The documented GET is answered with its own echostr; with one letter changed it is refused."""
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "echostr": "4375120948345356249",
        "timestamp": "1714036504",
        "nonce": "1514711492",
    }

    assert door_at(1714036504).echo(query) == "4375120948345356249"
    with pytest.raises(PushRefused):
        door_at(1714036504).echo(query | {"signature": "e" + query["signature"][1:]})


def test_tencents_plaintext_message_is_known_and_refused():
    """Its signature is right, but in secure mode nothing comes in unsealed."""
    query = {
        "timestamp": "1714037059",
        "nonce": "486452656",
        "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
    }

    assert signature_of(TOKEN, query["timestamp"], query["nonce"]) == query["signature"]
    assert refused(door_at(1714037059), query, json.dumps(EVENT).encode()) == "not_encrypted"
    assert refused(door_at(1714037059), query | {"encrypt_type": "raw"}, json.dumps(EVENT).encode()) == "not_encrypted"


def test_tencents_sealed_message_opens():
    """The documented ciphertext holds the documented debug_demo event."""
    message = door_at(AT).open(SECURE, body())

    assert message["Event"] == "debug_demo"
    assert message["MsgType"] == "event"
    assert message["CreateTime"] == 1714112445


def test_tencents_sealed_reply():
    """The fake seals exactly as the document does, which makes it a fair partner for the door."""
    sealed = encrypt(SECRETS, '{"demo_resp":"good luck"}', random=b"707722b803182950")

    assert sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert sign(TOKEN, "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.mark.parametrize("as_xml", [False, True])
def test_json_and_xml_say_the_same(as_xml: bool):
    """Whichever format the console is set to."""
    sealed = seal(SECRETS, EVENT, at=AT, as_xml=as_xml)
    message = door_at(AT).open(sealed.query, sealed.body)

    assert {name: str(value) for name, value in message.items()} == {k: str(v) for k, v in EVENT.items()}


def test_the_previous_key_still_opens():
    """While the console changes keys, both are in use."""
    old, new = seal(SECRETS, EVENT, at=AT), seal(PushSecrets(APP_ID, TOKEN, OTHER_KEY), EVENT, at=AT)
    door = door_at(AT, keys=(OTHER_KEY, KEY))

    assert door.open(old.query, old.body)["Event"] == door.open(new.query, new.body)["Event"] == "debug_demo"
    assert refused(door_at(AT, keys=(OTHER_KEY,)), old.query, old.body) in {"key", "app_id"}


def test_another_mini_programs_message_is_refused():
    """Sealed and signed with our keys, yet for another AppID."""
    sealed = seal(PushSecrets("wx0000000000000000", TOKEN, KEY), EVENT, at=AT)

    assert refused(door_at(AT), sealed.query, sealed.body) == "app_id"


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_changed_or_missing_part_is_refused(name: str):
    """Each part of the query is part of the proof."""
    other = SECURE | {name: "1714112446"}
    without = {key: value for key, value in SECURE.items() if key != name}

    assert refused(door_at(AT), other, body()) == "signature"
    assert refused(door_at(AT), without, body()) in {name, "signature"}


def test_the_plain_signature_proves_nothing():
    """不要使用 signature 验证: right there and wrong where it counts, the message is refused."""
    good = signature_of(TOKEN, SECURE["timestamp"], SECURE["nonce"])

    assert refused(door_at(AT), SECURE | {"signature": good, "msg_signature": good}, body()) == "signature"


def test_an_old_message_is_refused():
    """Someone kept it: eleven minutes later it opens nothing. Nor does one from the future."""
    assert door_at(AT + 590).open(SECURE, body())
    assert refused(door_at(AT + 660), SECURE, body()) == "stale"
    assert refused(door_at(AT - 660), SECURE, body()) == "stale"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"Encrypt": 7}',
        b'{"Encrypt": ""}',
        b"<xml></xml>",
        b"<xml><Encrypt>",
        b"\xff\xfe",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>",
        b"[" * 50_000,
        b'{"Encrypt": "' + b"A" * 70_000 + b'"}',
    ],
)
def test_a_malformed_envelope_is_refused(content: bytes):
    """Broken, empty, bombs and giants: one refusal, no traceback."""
    assert refused(door_at(AT), SECURE, content) in {"malformed", "not_encrypted", "too_long"}


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_rubbish_with_a_right_signature_is_refused(rubbish: bytes):
    """Whatever stands in Encrypt, signed with the right token but sealed with no key of ours."""
    sealed = rubbish.decode("utf-8", "replace").replace("\0", "") or "x"
    query = SECURE | {"msg_signature": sign(TOKEN, SECURE["timestamp"], SECURE["nonce"], sealed)}

    assert refused(door_at(AT), query, body(sealed)) in {"key", "app_id", "malformed"}


@given(st.dictionaries(st.sampled_from(sorted(SECURE)), st.text(max_size=200)), st.binary(max_size=300))
def test_no_query_breaks_the_door(query: dict[str, str], content: bytes):
    """Any words in any place."""
    with pytest.raises(PushRefused):
        door_at(AT).open(query, content)
    with pytest.raises(PushRefused):
        door_at(AT).echo(query)


def test_sealed_rubbish_is_refused():
    """Rightly sealed, but no message inside."""
    for text in ("", "hello", "[1]", "<xml>"):
        ciphertext = encrypt(SECRETS, text)
        query = SECURE | {"msg_signature": sign(TOKEN, SECURE["timestamp"], SECURE["nonce"], ciphertext)}
        assert refused(door_at(AT), query, body(ciphertext)) == "malformed"


def test_a_message_of_lists_in_xml_keeps_its_lists():
    """A subscription event with two templates."""
    entries = [{"TemplateId": "a", "SubscribeStatusString": "accept"}, {"TemplateId": "b"}]
    sealed: Sealed = seal(SECRETS, EVENT | {"SubscribeMsgPopupEvent": {"List": entries}}, at=AT, as_xml=True)

    assert door_at(AT).open(sealed.query, sealed.body)["SubscribeMsgPopupEvent"] == {"List": entries}
    assert to_xml({"a": 1, "b": ["x", "y"]}) == "<xml><a>1</a><b><![CDATA[x]]></b><b><![CDATA[y]]></b></xml>"


def test_without_push_settings_there_is_no_door():
    """The address does not exist."""
    with pytest.raises(NotFound):
        NoPushDoor().open(SECURE, body())
    with pytest.raises(NotFound):
        NoPushDoor().echo({})
