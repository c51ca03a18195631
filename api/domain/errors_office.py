"""What the registrar's office is refused, beside the tree in `errors`.

- AppError
  - CampaignLocked          `campaign_locked`
  - SlugTaken               `slug_taken`
  - RosterMoved             `roster_moved`
  - NothingToExport         `nothing_to_export`
  - ExportNotReady          `export_not_ready`
  - ExportStale             `export_stale`
  - RequestError
    - InvalidCampaign       `invalid_campaign`
"""

from dataclasses import dataclass

from api.domain.errors import AppError, RequestError


class CampaignLocked(AppError):
    """What may no longer change once students have submitted. Facts: `fields`."""

    code = "campaign_locked"

    def __init__(self, *, fields: tuple[str, ...]) -> None:
        super().__init__(fields=", ".join(fields))
        self.fields = fields


class SlugTaken(AppError):
    """Another campaign has this short name already."""

    code = "slug_taken"


class RosterMoved(AppError):
    """The roster changed after the preview, or the preview is over: what was shown can no longer be promised."""

    code = "roster_moved"


class NothingToExport(AppError):
    """No approved photo fits."""

    code = "nothing_to_export"


class ExportNotReady(AppError):
    """The export is still being prepared, has failed or has ended."""

    code = "export_not_ready"


class ExportStale(AppError):
    """Somebody in it was taken back, or had themselves erased, since it was made. Facts: `count`."""

    code = "export_stale"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of a campaign that does not fit. `reason` is a word that the page has a sentence for."""

    field: str
    reason: str


class InvalidCampaign(RequestError):
    """A campaign that cannot be kept. Facts: `fields`."""

    code = "invalid_campaign"

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__(fields=", ".join(dict.fromkeys(fault.field for fault in faults)))
        self.faults = faults
