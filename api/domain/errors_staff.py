"""What staff are refused: a branch of the tree in `errors`.

- AppError
  - Forbidden               `forbidden`
  - LoginRefused            `login_refused` (unknown login, wrong password, disabled: which is not told)
  - LoginDelayed            `login_delayed` (`retry_after` is set)
  - NoSuchStaff             `no_such_staff` (the school's login knows them, we do not)
  - OidcUnavailable         `oidc_unavailable`
  - OidcRefused             `oidc_refused`
  - LoginTaken              `login_taken`
  - BadLogin                `bad_login`
  - WeakPassword            `weak_password` (facts: `reason`)
  - LastRegistrar           `last_registrar`
  - FormExpired             `form_expired`
"""

from api.domain.errors import AppError


class Forbidden(AppError):
    """A page of the registrar's, asked for by a counsellor."""

    code = "forbidden"


class LoginRefused(AppError):
    """Login and password open nothing; whether the login exists is not told."""

    code = "login_refused"


class LoginDelayed(AppError):
    """Too many failures just now; for `retry_after` seconds no password is looked at. Facts: `seconds`."""

    code = "login_delayed"


class NoSuchStaff(AppError):
    """Somebody the school's login vouches for, and nobody here."""

    code = "no_such_staff"


class OidcUnavailable(AppError):
    """The school's login does not answer, or is not set up."""

    code = "oidc_unavailable"


class OidcRefused(AppError):
    """What came back from the school's login does not hold: cancelled, stale, or forged."""

    code = "oidc_refused"


class LoginTaken(AppError):
    """Somebody has this login already."""

    code = "login_taken"


class BadLogin(AppError):
    """Not 2 to 64 small letters, digits, dots, hyphens, underscores or at signs."""

    code = "bad_login"


class WeakPassword(AppError):
    """Facts: `reason`, one of `short`, `long`, `common`, `own_name`; `least`, the least number of characters."""

    code = "weak_password"


class LastRegistrar(AppError):
    """Without this one nobody could manage the accounts."""

    code = "last_registrar"


class FormExpired(AppError):
    """The form's token is missing or of an earlier session."""

    code = "form_expired"
