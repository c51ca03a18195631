"""WeChat's look at a submitted photo from end to end: real photo, real queue, the strict fake in WeChat's place."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from test_wechat_end_to_end import Phone, until

from api.cli.demo.portrait import NoPortrait, portrait_jpeg
from api.cli.stack import Plan, Stack
from api.domain.media_check import MediaCheckState

pytestmark = pytest.mark.slow

SPEC = "one-inch"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """`idphoto up --fake-wechat` at a school that has WeChat look."""
    plan = Plan(home=tmp_path / "up", port=0, env={"WECHAT_MEDIA_CHECK": "1"}, fake_wechat=True)
    with Stack(plan, say=lambda line: None) as running:
        yield running


def submitted(stack: Stack, phone: Phone, selfie: bytes) -> dict[str, Any]:
    """Bring Alice's selfie to review in a campaign that asks for nothing but the photo."""
    campaign = stack.seeded.campaigns[0]
    with stack.house.parts.database.write() as uow:
        uow.campaigns.save(replace(campaign, spec=SPEC, profile_schema={"type": "object"}))
        uow.commit()
    person = next(row for row in stack.seeded.roster if row.campaign_id == campaign.id)
    identity = {"campaign": campaign.id, "name": person.name, "id_number": person.id_number}
    assert phone.product.post("/v1/me/identity", json=identity).status_code == 200
    sent = phone.product.post("/v1/photos", data={"spec": SPEC}, files={"selfie": ("a.jpg", selfie, "image/jpeg")})
    photo = sent.json()["id"]
    assert until(lambda: phone.product.get(f"/v1/photos/{photo}").json()["state"] == "ready", within_s=60)
    answer = phone.product.post("/v1/submissions", json={"photo": photo, "campaign": campaign.id, "profile": {}})
    assert answer.status_code == 201
    return answer.json()


def test_the_opinion_comes_back_and_holds_nothing_up(stack: Stack) -> None:
    """WeChat is given a link that works, pushes its opinion in secure mode, and the counsellor reads it."""
    try:
        selfie = portrait_jpeg()
    except NoPortrait as fault:
        pytest.skip(str(fault))
    with (
        httpx.Client(base_url=stack.url, trust_env=False, timeout=15) as product,
        httpx.Client(base_url=stack.fake_wechat_url, trust_env=False, timeout=15) as wechat,
    ):
        phone = Phone(product, wechat)
        phone.sign_in()
        submission = submitted(stack, phone, selfie)
        assert until(lambda: len(wechat.get("/_fake/seen").json()["checks"]) == 1)
        ((trace, asked),) = wechat.get("/_fake/seen").json()["checks"].items()

        assert (asked["media_type"], asked["version"], asked["scene"]) == (2, 2, 1)
        assert httpx.get(asked["media_url"], trust_env=False).content[:2] == b"\xff\xd8"
        assert wechat.post(f"/_fake/media/{trace}/review/20002").json() == {"pushed": "success"}

    def opinion() -> tuple[MediaCheckState, str | None, int | None]:
        check = stack.house.read_submission("office", submission["id"]).media_check
        assert check is not None
        return check.state, check.suggest, check.label

    assert until(lambda: opinion() == (MediaCheckState.CHECKED, "review", 20002)), json.dumps(opinion())
    assert stack.house.read_submission("office", submission["id"]).submission.state.value == "submitted"
