"""Make a campaign, change it as far as what students have handed in allows, close it early or open it again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.campaign import Campaign, WindowState
from api.domain.campaign_rules import (
    DELIVER_ON,
    FILE_NAME_FIELDS,
    LONGEST_FILE_NAME,
    LONGEST_NAME,
    CampaignFields,
    Lock,
    forbidden_changes,
    locks,
    mark_of,
    with_fields,
)
from api.domain.errors import Conflict
from api.domain.errors_office import CampaignLocked, FieldFault, InvalidCampaign, SlugTaken
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.deeds import Deed, unrecorded
from api.services.forms import check_form
from api.services.guards import find_campaign
from photo_service.spec import Spec

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,98}[a-z0-9]")
_FIELD = re.compile(r"\{(\w*)\}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Editable:
    """A campaign for its editor: what may no longer change and why, and the mark of the state that is looked at."""

    campaign: Campaign
    locked: Mapping[str, Lock]
    mark: str


class CreateCampaign:
    """Make a campaign that is not there yet."""

    def __init__(self, *, database: Database, clock: Clock, specs: Mapping[str, Spec]) -> None:
        self._database = database
        self._clock = clock
        self._specs = specs

    def __call__(
        self, slug: str, wanted: CampaignFields, *, template: str | None = None, deed: Deed = unrecorded
    ) -> Campaign:
        """Return it. Raises InvalidCampaign with every fault, SlugTaken."""
        faults = list(_faults(wanted, self._specs))
        if not _SLUG.fullmatch(slug):
            faults.insert(0, FieldFault("slug", "slug"))
        now = self._clock.now()
        with self._database.write() as uow:
            faults += _registry_faults(uow, wanted)
            if faults:
                raise InvalidCampaign(*faults)
            if uow.campaigns.by_slug(slug) is not None:
                raise SlugTaken
            bare = Campaign(
                id=new_id("cp", now=now),
                slug=slug,
                name=wanted.name,
                spec=wanted.spec,
                starts_at=wanted.starts_at,
                ends_at=wanted.ends_at,
                profile_schema=wanted.profile_schema,
                registry_id=wanted.registry_id,
                deliver_on=wanted.deliver_on,
                created_at=now,
                template=template,
            )
            campaign = with_fields(bare, wanted)
            uow.campaigns.add(campaign)
            deed(uow, campaign)
            uow.commit()
        return campaign


class EditCampaign:
    """Change a campaign."""

    def __init__(self, *, database: Database, specs: Mapping[str, Spec]) -> None:
        self._database = database
        self._specs = specs

    def look(self, campaign: str) -> Editable:
        """Return it for its editor. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            count = uow.people.count_submissions(found.id)
        return Editable(found, locks(found, submissions=count), mark_of(found))

    def __call__(self, campaign: str, wanted: CampaignFields, *, mark: str, deed: Deed = unrecorded) -> Campaign:
        """Return it changed. `mark` is that of the state the editor was shown.

        Raises NotFound, InvalidCampaign with every fault, CampaignLocked for what may no longer change, Conflict where
        somebody else changed it meanwhile.
        """
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            if mark_of(found) != mark:
                raise Conflict
            faults = [*_faults(wanted, self._specs), *_registry_faults(uow, wanted)]
            if faults:
                raise InvalidCampaign(*faults)
            forbidden = forbidden_changes(found, wanted, submissions=uow.people.count_submissions(found.id))
            if forbidden:
                raise CampaignLocked(fields=forbidden)
            changed = with_fields(found, wanted)
            uow.campaigns.save(changed)
            deed(uow, changed)
            uow.commit()
        return changed


class MoveWindow:
    """Close a campaign now, or let it last until another second."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def close(self, campaign: str, *, deed: Deed = unrecorded) -> Campaign:
        """Return it closed: the second before this one was its last. One that is not open stays. Raises NotFound."""
        now = self._clock.now().replace(microsecond=0)
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            if found.window(now) is not WindowState.OPEN:
                return found
            return self._moved(uow, found, ends_at=max(_second_before(now), found.starts_at), deed=deed)

    def reopen(self, campaign: str, *, ends_at: datetime, deed: Deed = unrecorded) -> Campaign:
        """Return it with a new last second. Raises NotFound, InvalidCampaign for one that is over."""
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            if ends_at <= max(self._clock.now(), found.starts_at):
                raise InvalidCampaign(FieldFault("ends_at", "over"))
            return self._moved(uow, found, ends_at=ends_at, deed=deed)

    def _moved(self, uow: UnitOfWork, campaign: Campaign, *, ends_at: datetime, deed: Deed) -> Campaign:
        moved = replace(campaign, ends_at=ends_at)
        uow.campaigns.save(moved)
        deed(uow, moved)
        uow.commit()
        return moved


def _second_before(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() - 1, tz=moment.tzinfo)


def _faults(wanted: CampaignFields, specs: Mapping[str, Spec]) -> Iterator[FieldFault]:
    if not 1 <= len(wanted.name.strip()) <= LONGEST_NAME:
        yield FieldFault("name", "name")
    if wanted.spec not in specs:
        yield FieldFault("spec", "spec")
    if wanted.ends_at <= wanted.starts_at:
        yield FieldFault("ends_at", "window")
    if not wanted.deliver_on <= DELIVER_ON:
        yield FieldFault("deliver_on", "deliver_on")
    if wanted.file_name is not None:
        yield from _file_name_faults(wanted.file_name)
    for fault in check_form(wanted.profile_schema):
        yield FieldFault("profile_schema", fault.reason)


def _file_name_faults(pattern: str) -> Iterator[FieldFault]:
    fields = _FIELD.findall(pattern)
    if not fields or not set(fields) <= set(FILE_NAME_FIELDS):
        yield FieldFault("file_name", "file_name_fields")
    plain = _FIELD.sub("", pattern)
    if _UNSAFE.search(plain) or "{" in plain or "}" in plain or len(pattern) > LONGEST_FILE_NAME:
        yield FieldFault("file_name", "file_name_letters")
    if not pattern.lower().endswith((".jpg", ".jpeg")):
        yield FieldFault("file_name", "file_name_ending")


def _registry_faults(uow: UnitOfWork, wanted: CampaignFields) -> Iterator[FieldFault]:
    if wanted.registry_id is not None and uow.registries.get(wanted.registry_id) is None:
        yield FieldFault("registry_id", "registry")
