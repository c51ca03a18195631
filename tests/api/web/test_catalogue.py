"""Specifications and campaigns, as anyone and as a student sees them."""

from datetime import timedelta

from web_world import Student, World


def test_the_catalogue_is_open_to_everyone(world: World) -> None:
    """A school's engineer may look at the specs without an account."""
    body = world.client().get("/v1/specs").get_json()
    hunan = next(spec for spec in body["specs"] if spec["id"] == "hunan-pretco")
    assert (hunan["size"]["min_width"], hunan["size"]["max_height"], hunan["dpi"]) == (180, 240, 72)
    assert hunan["bytes"]["high"] == 100_000
    assert hunan["background"] == "#FFFFFF"
    assert world.client().get("/v1/specs/hunan-pretco").get_json() == hunan


def test_an_unknown_spec_is_404_when_asked_for_and_422_when_sent(world: World, zhang: Student) -> None:
    """An address that leads nowhere is not the same as a field that does not fit."""
    assert world.client().get("/v1/specs/passport-mars").status_code == 404
    sent = zhang.upload(spec="passport-mars")
    assert (sent.status_code, sent.get_json()["code"]) == (422, "unknown_spec")


def test_campaigns_show_their_window_to_the_second_and_their_form(world: World, zhang: Student) -> None:
    """The last second is inside; the next one is not."""
    campaign = zhang.get("/v1/campaigns").get_json()["campaigns"][0]
    assert (campaign["window"], campaign["bound"]) == ("open", False)
    assert campaign["ends_at"].endswith("15:59:59Z")
    assert campaign["profile_schema"]["properties"]
    world.clock.moment = world.seeded.campaigns[0].ends_at
    login = world.student("李示例")
    assert login.get(f"/v1/campaigns/{campaign['id']}").get_json()["window"] == "open"
    world.clock.moment += timedelta(seconds=1)
    assert login.get(f"/v1/campaigns/{campaign['id']}").get_json()["window"] == "closed"


def test_a_campaign_is_found_by_its_slug_too(world: World, zhang: Student) -> None:
    """A poster can carry a readable name."""
    campaign = world.seeded.campaigns[0]
    assert zhang.get(f"/v1/campaigns/{campaign.slug}").get_json()["id"] == campaign.id
    assert zhang.get("/v1/campaigns/nowhere").status_code == 404
