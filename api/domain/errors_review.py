"""What a reviewer is refused; the rest of the tree is in `api/domain/errors.py`.

- AppError
  - UndoRefused               `undo_refused`
  - AlreadySettled            `already_settled`
  - RequestError
    - InvalidRequest
      - ReasonMissing         `reason_missing`
      - ReasonTooLong         `reason_too_long`
"""

from api.domain.errors import AppError, InvalidRequest


class UndoRefused(AppError):
    """A decision that cannot be taken back. Facts: `reason`: not_yours, too_late (with `minutes`), superseded, gone."""

    code = "undo_refused"


class AlreadySettled(AppError):
    """Somebody else answered the report first. Facts: `report`."""

    code = "already_settled"


class ReasonMissing(InvalidRequest):
    """A student cannot do anything with silence."""

    code = "reason_missing"


class ReasonTooLong(InvalidRequest):
    """Facts: `limit`, `given`, in letters."""

    code = "reason_too_long"
