"""What may still change once students have handed something in, and what may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.domain.campaign import Campaign
from api.domain.campaign_rules import CampaignFields, Lock, forbidden_changes, locks, mark_of, with_fields

START = datetime(2026, 3, 1, tzinfo=UTC)
CAMPAIGN = Campaign(
    id="cp_1",
    slug="a",
    name="A",
    spec="hunan-pretco",
    starts_at=START,
    ends_at=START + timedelta(days=9),
    profile_schema={"type": "object"},
    registry_id="rg_1",
    deliver_on=frozenset({"photo.submitted"}),
    created_at=START,
)
NOW = CampaignFields.of(CAMPAIGN)
CHANGES = {
    "name": "B",
    "spec": "one-inch",
    "starts_at": START + timedelta(days=1),
    "ends_at": START + timedelta(days=3),
    "profile_schema": {"type": "object", "properties": {}},
    "registry_id": None,
    "deliver_on": frozenset(),
    "file_name": "{name}.jpg",
}


@pytest.mark.parametrize("name", CHANGES)
def test_before_the_first_submission_everything_may_change(name: str):
    """Nobody has relied on anything yet."""
    assert forbidden_changes(CAMPAIGN, replace(NOW, **{name: CHANGES[name]}), submissions=0) == ()


@pytest.mark.parametrize("name", CHANGES)
def test_after_it_what_was_relied_on_stays(name: str):
    """Spec, form, registry and the beginning are what submissions were made for; the rest speaks of what is to come."""
    found = forbidden_changes(CAMPAIGN, replace(NOW, **{name: CHANGES[name]}), submissions=1)
    assert found == ((name,) if name in {"spec", "profile_schema", "registry_id", "starts_at"} else ())


def test_it_may_open_earlier_and_a_first_registry_may_be_named():
    """Neither takes anything from anybody."""
    assert forbidden_changes(CAMPAIGN, replace(NOW, starts_at=START - timedelta(days=1)), submissions=3) == ()
    bare = replace(CAMPAIGN, registry_id=None)
    assert "registry_id" not in locks(bare, submissions=3)
    assert locks(CAMPAIGN, submissions=3)["registry_id"] is Lock.REGISTRY_WAS_TOLD


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_shows_in_the_mark(name: str):
    """So that whoever looked at an older state is told."""
    assert mark_of(with_fields(CAMPAIGN, replace(NOW, **{name: CHANGES[name]}))) != mark_of(CAMPAIGN)
