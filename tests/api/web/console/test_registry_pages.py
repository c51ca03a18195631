"""The registrar's pages about receiving systems: made known, tried, switched, their secrets shown once."""

import re

import pytest
from web_world import Staff, World

from api.domain.audit import AuditFilter
from api.domain.delivery import Answer, Event
from api.domain.trouble import Trouble

HOOK = "https://jw.example.edu.cn/hook?token=not-for-everyone"
FORM = {"name": "新教务系统", "url": HOOK, "photo": "link", "events": ["photo.submitted", "photo.approved"]}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
TAKEN = Answer(204, None, None, 12.0)


@pytest.fixture
def office(world: World) -> Staff:
    return world.staff("registrar")


@pytest.fixture
def registry(world: World) -> str:
    """The sample world's registry."""
    return world.seeded.registry.id


def noted(world: World, action: str) -> list[dict]:
    with world.house.parts.database.read() as uow:
        found = uow.audit.find(AuditFilter(action=action), before=None, limit=50)
    return [{"subject": one.subject, **one.detail} for one in found]


def kept(world: World, name: str = FORM["name"]):
    return next(one for one in world.house.list_registries() if one.name == name)


def test_a_registrar_makes_a_registry_known_and_sees_both_secrets_once(world: World, office: Staff):
    """They stand on the page that answers the form, and on no other."""
    answer = office.post("/console/registries/new", FORM)
    made = kept(world)
    shown = SECRET.findall(answer.text)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert shown == [made.secrets[0], made.answer_secrets[0]]
    assert made.events == {Event.SUBMITTED, Event.APPROVED}
    for path in ("", f"/{made.id}", f"/{made.id}/edit", "/deliveries"):
        assert not SECRET.search(office.get(f"/console/registries{path}").text)


def test_the_audit_log_tells_who_added_what_and_nothing_secret(world: World, office: Staff):
    """Not the secrets, nor a token in the address."""
    office.post("/console/registries/new", FORM)
    [entry] = noted(world, "registry.added")

    assert entry == {
        "subject": kept(world).id,
        "host": "jw.example.edu.cn",
        "photo": "link",
        "events": "photo.approved,photo.submitted",
    }


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble.PRIVATE, "IDPHOTO_REGISTRY_NETWORKS"),
        (Trouble.SCHEME, "必须以 https:// 开头"),
        (Trouble.FORBIDDEN, "云主机元数据"),
        (Trouble.UNRESOLVED, "找不到这个主机名"),
    ],
)
def test_an_address_that_leads_inside_is_refused_in_words_and_nothing_typed_is_lost(
    world: World, office: Staff, trouble: Trouble, words: str
):
    """The guard's reason stands by the field."""
    world.house.parts.post.refused[HOOK] = trouble
    answer = office.post("/console/registries/new", FORM)

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{HOOK}"' in answer.text
    assert FORM["name"] in answer.text
    assert len(world.house.list_registries()) == 1


def test_a_name_that_is_taken_is_told_by_the_field(world: World, office: Staff):
    """Not as a fault of ours."""
    answer = office.post("/console/registries/new", FORM | {"name": world.seeded.registry.name})

    assert answer.status_code == 422
    assert "已有同名的系统" in answer.text


@pytest.mark.parametrize("missing", [{"name": " "}, {"url": ""}, {"events": []}, {"photo": "carrier pigeon"}])
def test_a_form_that_lacks_something_says_what(world: World, office: Staff, missing: dict):
    """And nothing is kept."""
    assert office.post("/console/registries/new", FORM | missing).status_code == 422
    assert len(world.house.list_registries()) == 1


def test_an_edit_changes_what_was_filled_in_and_looks_only_at_a_new_address(world: World, office: Staff, registry: str):
    """A host that is away today does not keep the name from being changed."""
    url = world.seeded.registry.url
    world.house.parts.post.refused[url] = Trouble.UNRESOLVED
    form = {"name": "教务处", "url": url, "photo": "embedded", "events": [event.value for event in Event][:3]}
    answer = office.post(f"/console/registries/{registry}/edit", form)
    after = kept(world, "教务处")

    assert answer.status_code == 302
    assert (after.embed_photo, after.events, after.secrets) == (True, None, world.seeded.registry.secrets)
    assert noted(world, "registry.changed")[0]["photo"] == "embedded"


def test_a_registry_is_switched_off_and_on(world: World, office: Staff, registry: str):
    """The list says so, and a test is refused meanwhile."""
    office.post(f"/console/registries/{registry}/off")
    assert "已停用" in office.get("/console/registries").text
    refused = office.post(f"/console/registries/{registry}/ping", follow_redirects=True)
    assert "请先启用再测试" in refused.text
    assert world.house.list_deliveries() == ()

    office.post(f"/console/registries/{registry}/on")
    assert world.house.list_registries()[0].disabled_at is None
    assert [len(noted(world, action)) for action in ("registry.disabled", "registry.enabled")] == [1, 1]


def test_a_ping_leads_to_its_outcome_in_words(world: World, office: Staff, registry: str):
    """Waiting at first, then what the registry did."""
    answer = office.post(f"/console/registries/{registry}/ping")
    assert "data-live" in office.get(answer.location).text

    world.house.parts.post.answers = [Answer(401, None, "the registry answered 401", 8.0)]
    world.house.deliver(world.house.list_deliveries()[0].id)
    page = office.get(answer.location).text

    assert "对方拒绝了签名" in page
    assert "8 毫秒" in page
    assert "data-live" not in page


def test_an_endpoint_is_verified_and_each_answer_told_in_words(world: World, office: Staff, registry: str):
    """One that believes everything: four right, five to mend."""
    world.house.parts.post.answers = [TAKEN] * 9
    page = office.post(f"/console/registries/{registry}/verify").text

    assert "9 项中 4 项正确" in page
    assert page.count("返回 401") == 5
    assert noted(world, "registry.verified") == [{"subject": registry, "right": "4", "of": "9"}]


def test_a_silent_endpoint_is_asked_once_and_not_nine_times(world: World, office: Staff, registry: str):
    """Nobody waits nine times for a time-out."""
    world.house.parts.post.answers = [Answer(None, None, "no answer within 15 s", 15_000.0)]
    page = office.post(f"/console/registries/{registry}/verify").text

    assert "对方没有在规定时间内回答" in page


@pytest.mark.parametrize("kind", ["sent", "answered"])
def test_a_secret_is_rotated_with_an_overlap_and_ended(world: World, office: Staff, registry: str, kind: str):
    """Both count until the day that is shown; then, or when the registrar says so, the new one alone."""
    page = office.get(f"/console/registries/{registry}").text
    seen = re.findall(rf'secrets/{kind}/rotate">.*?name="seen" value="([^"]+)"', page, re.DOTALL)[0]
    before = world.seeded.registry.secrets if kind == "sent" else world.seeded.registry.answer_secrets
    path = f"/console/registries/{registry}/secrets/{kind}"
    shown = office.post(f"{path}/rotate", {"seen": seen, "days": "3"}).text
    [fresh] = SECRET.findall(shown)

    def counting():
        now, after = world.clock.now(), world.house.list_registries()[0]
        return after.signing(now) if kind == "sent" else after.answering(now)

    assert "旧密钥到 2026-03-05 10:00 为止仍然有效" in shown
    assert counting() == (fresh, *before)
    assert "旧密钥到 2026-03-05 10:00 失效" in office.get(f"/console/registries/{registry}").text
    again = office.post(f"{path}/rotate", {"seen": seen, "days": "3"}, follow_redirects=True).text
    assert "密钥在此期间已经更换过" in again
    assert not SECRET.search(again)

    world.clock.sleep(3 * 86_400)
    office.sign_in()
    assert counting() == (fresh,)
    assert "没有正在更换的密钥" in office.post(f"{path}/finish", follow_redirects=True).text


def test_the_old_secret_can_be_ended_at_once(world: World, office: Staff, registry: str):
    """After a leak."""
    fresh = world.house.registry.rotate.begin(registry).secret
    office.post(f"/console/registries/{registry}/secrets/sent/finish")

    assert world.house.list_registries()[0].secrets == (fresh,)
    assert noted(world, "registry.secret_finished") == [{"subject": registry, "kind": "sent"}]


def test_nothing_secret_reaches_audit_or_log(world: World, office: Staff, registry: str, capsys):
    """All of it at once: added, rotated, finished."""
    texts = [office.post("/console/registries/new", FORM).text]
    seen = re.findall(r'name="seen" value="([^"]+)"', office.get(f"/console/registries/{registry}").text)
    for kind, mark in zip(("sent", "answered"), seen, strict=True):
        texts.append(office.post(f"/console/registries/{registry}/secrets/{kind}/rotate", {"seen": mark}).text)
    secrets = {secret for text in texts for secret in SECRET.findall(text)}
    with world.house.parts.database.read() as uow:
        log = repr(uow.audit.find(AuditFilter(), before=None, limit=200))
    out, err = capsys.readouterr()

    assert len(secrets) == 4
    assert not any(secret in text for secret in secrets for text in (log, out, err))
    assert "not-for-everyone" not in log + out + err


@pytest.mark.parametrize("path", ["", "/new", "/deliveries", "/deliveries/replay?state=dead"])
def test_a_counsellor_has_no_business_here(world: World, path: str):
    """A page that says so; a stranger is sent to the login."""
    assert world.staff().get(f"/console/registries{path}").status_code == 403
    assert world.client().get(f"/console/registries{path}").status_code == 302


def test_a_registry_that_is_not_there_is_a_404(office: Staff):
    """Whatever is asked of it."""
    assert office.get("/console/registries/rg_none").status_code == 404
    for act in ("ping", "verify", "on", "off", "secrets/sent/rotate", "secrets/other/rotate", "secrets/sent/finish"):
        assert office.post(f"/console/registries/rg_none/{act}").status_code == 404


def test_the_pages_speak_english_to_operators(world: World, office: Staff, registry: str):
    """Every word of the room is there in both languages."""
    office.post("/console/language", {"lang": "en"})
    page = office.get(f"/console/registries/{registry}").text

    assert "Send a test event" in page
    assert not re.search(r"\bregistry\.[a-z_]+\.", re.sub(r"<[^>]+>", "", page))
