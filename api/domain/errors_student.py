"""What can go wrong when a student chooses a background or a phone signs a browser in.

A branch of the tree in `api/domain/errors.py`.

- AppError
  - BackgroundNotOffered    `background_not_offered`
  - AuthorizationPending    `authorization_pending`
  - AskedTooSoon            `slow_down`
  - DeviceCodeExpired       `device_code_expired`
  - DeviceCodeUnknown       `device_code_unknown`
  - DeviceDenied            `device_denied`

Pending, too soon and denied are RFC 8628's, under its own names where it has one.
"""

from api.domain.errors import AppError, Busy


class BackgroundNotOffered(AppError):
    """The spec does not take this background, or the campaign has chosen one for everyone. Facts: `spec`."""

    code = "background_not_offered"


class AuthorizationPending(AppError):
    """The phone has not answered yet: ask again."""

    code = "authorization_pending"


class AskedTooSoon(Busy):
    """The browser asks more often than it was told to."""

    code = "slow_down"


class DeviceCodeExpired(AppError):
    """The code is past its five minutes, was used, or never was."""

    code = "device_code_expired"


class DeviceCodeUnknown(AppError):
    """No browser shows this code now."""

    code = "device_code_unknown"


class DeviceDenied(AppError):
    """The student said no on the phone."""

    code = "device_denied"
