"""Everything the back end refuses on purpose, as one tree of records.

- AppError
  - NotAuthenticated        `not_authenticated`
    - TokenExpired          `token_expired`
  - NotAvailable            `dev_login_off`
  - SignatureInvalid        `signature_invalid`
  - ConsentRequired         `consent_required`
  - IdentityRequired        `identity_required`
  - IdentityMismatch        `identity_mismatch`
  - IdNumberInvalid         `id_number_invalid`
  - TooManyAttempts         `too_many_attempts`
  - AlreadyBound            `already_bound`
  - CampaignClosed          `campaign_closed`
  - CampaignNotOpen         `campaign_not_open`
  - NotFound                `not_found`
  - PhotoNotReady           `photo_not_ready`
  - PhotoWrongSpec          `photo_wrong_spec`
  - AlreadySubmitted        `already_submitted`
  - NotReviewable           `not_reviewable`
  - ReviewConflict          `review_conflict`
  - IdempotencyConflict     `idempotency_conflict`
  - RequestError            what was sent
    - InvalidRequest        `invalid_request`
    - InvalidProfile        `invalid_profile`
    - InvalidRoster         `invalid_roster`
    - SelfieTooLarge        `upload_too_large`
    - SelfieUnreadable      `unreadable_image`
    - SpecUnknown           `unknown_spec`
  - Busy                    come back later; `retry_after` is set
    - QueueFull             `queue_full`
    - TooManyWaiters        `too_many_waiters`
    - RateLimited           `rate_limited`
  - WeChatError, PushRefused, NoticeUnfittable: what WeChat answers and sends, in `errors_wechat`
  - Fault                   ours, not the caller's
    - QueueUnavailable      `queue_unavailable` (never reaches a student: the photo is stored all the same)
    - RendererAway          `renderer_away` (never reaches a student: the photo waits)
    - BlobMissing           `blob_missing`
    - StorageUnavailable    `storage_unavailable`, in `errors_storage`
    - VaultError            `vault_error`
    - Conflict              `conflict` (two writers met; the caller looks again)
    - DatabaseUnavailable   `database_unavailable`, in `errors_database`
    - SchemaBehind          `schema_behind`
    - SchemaAhead           `schema_ahead`

HTTP numbers and Chinese sentences live at the edge (`api/web`); `facts` are what those sentences speak of and
never hold a name, an ID number, an openid or a token. Names say what happened (`CampaignClosed`), so
most do without the ending that the linter asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class AppError(Exception):
    """The root. `code` is stable and public; `retry_after` is in seconds, None where waiting does not help."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, *, retry_after: int | None = None, **facts: object) -> None:
        super().__init__(f"{self.code}: {facts}" if facts else self.code)
        self.facts: Mapping[str, object] = facts
        self.retry_after = retry_after


class NotAuthenticated(AppError):
    """No token, an unknown one, or one whose session has ended."""

    code = "not_authenticated"


class TokenExpired(NotAuthenticated):
    """The access token is past its two hours: refresh it."""

    code = "token_expired"


class NotAvailable(AppError):
    """This way in does not exist on this installation."""

    code = "dev_login_off"


class SignatureInvalid(AppError):
    """A message that claims to come from a registry and does not prove it. Facts: `reason`."""

    code = "signature_invalid"


class ConsentRequired(AppError):
    """Facts: `kinds`, the consents that are missing."""

    code = "consent_required"


class IdentityRequired(AppError):
    """The student is not bound to a row of this campaign's roster. Facts: `campaign`."""

    code = "identity_required"


class IdentityMismatch(AppError):
    """Name and number together fit no row; which of the two is wrong is not told."""

    code = "identity_mismatch"


class IdNumberInvalid(AppError):
    """The number fails its own checksum or date (GB 11643). Facts: `reason`."""

    code = "id_number_invalid"


class TooManyAttempts(AppError):
    """Facts: `limit`, `hours`."""

    code = "too_many_attempts"


class AlreadyBound(AppError):
    """The row belongs to another login, or the login to another row."""

    code = "already_bound"


class CampaignClosed(AppError):
    """Facts: `campaign`, `ended_at` (UTC, ISO 8601)."""

    code = "campaign_closed"


class CampaignNotOpen(AppError):
    """Facts: `campaign`, `starts_at` (UTC, ISO 8601)."""

    code = "campaign_not_open"


class NotFound(AppError):
    """There is no such thing, or it is not the asker's. Facts: `kind`, `id`."""

    code = "not_found"


class PhotoNotReady(AppError):
    """Facts: `state`."""

    code = "photo_not_ready"


class PhotoWrongSpec(AppError):
    """The photo was made for another spec than the campaign's. Facts: `spec`, `wanted`."""

    code = "photo_wrong_spec"


class AlreadySubmitted(AppError):
    """A submission of this student is under review or approved. Facts: `submission`, `state`."""

    code = "already_submitted"


class NotReviewable(AppError):
    """The submission's state does not allow this decision. Facts: `state`."""

    code = "not_reviewable"


class ReviewConflict(AppError):
    """Somebody else decided while this reviewer was looking. Facts: `submission`, `state`, `version` as it now is."""

    code = "review_conflict"


class IdempotencyConflict(AppError):
    """The key was used before with another content."""

    code = "idempotency_conflict"


class RequestError(AppError):
    code = "invalid_request"


class InvalidRequest(RequestError):
    """Facts: `reason`."""

    code = "invalid_request"


@dataclass(frozen=True, slots=True)
class ProfileFault:
    """One field of a profile that does not fit: where (`guardians.0.name`) and what, in Chinese."""

    path: str
    message: str


class InvalidProfile(RequestError):
    """Facts: `faults`."""

    code = "invalid_profile"

    def __init__(self, *, faults: tuple[ProfileFault, ...]) -> None:
        super().__init__(faults=faults)
        self.faults = faults


class InvalidRoster(RequestError):
    """A roster with people that cannot be taken; nothing of it is kept. Facts: `count`, `faults`."""

    code = "invalid_roster"

    def __init__(self, *, faults: tuple[ProfileFault, ...]) -> None:
        super().__init__(count=len(faults), faults=faults)
        self.faults = faults


class SelfieTooLarge(RequestError):
    """Facts: `megabytes`, `limit`."""

    code = "upload_too_large"


class SelfieUnreadable(RequestError):
    """An empty upload; what only a decoder can see is found by the photo service."""

    code = "unreadable_image"


class SpecUnknown(RequestError):
    """Facts: `spec`."""

    code = "unknown_spec"


class Busy(AppError):
    code = "rate_limited"


class QueueFull(Busy):
    """Nothing was stored. Facts: `queued`."""

    code = "queue_full"


class TooManyWaiters(Busy):
    """All places to wait are taken: poll instead."""

    code = "too_many_waiters"


class RateLimited(Busy):
    code = "rate_limited"


class Fault(AppError):
    code = "internal_error"


class QueueUnavailable(Fault):
    """Redis does not answer."""

    code = "queue_unavailable"


class RendererAway(Fault):
    """The photo service, on a machine of its own, does not answer."""

    code = "renderer_away"


class BlobMissing(Fault):
    """The row is there, the bytes are not. Facts: `key`."""

    code = "blob_missing"


class VaultError(Fault):
    """Sealed data that no key opens: a wrong key, or bytes that were changed."""

    code = "vault_error"


class Conflict(Fault):
    """A unique rule of the database spoke: another writer was first."""

    code = "conflict"


class SchemaBehind(Fault):
    """The database is not at the schema this program needs. Facts: `at`, `needed`."""

    code = "schema_behind"


class SchemaAhead(Fault):
    """A newer program has changed the database: this one does not know it. Facts: `at`, `needed`."""

    code = "schema_ahead"
