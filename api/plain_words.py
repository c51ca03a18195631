"""What went wrong, for an operator, in a line or two: the code, what is wrong, what to do. Never a traceback."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from api.config_reader import ConfigError
from api.domain.errors import AppError

_WORDS: Mapping[str, tuple[str, str]] = {
    "not_found": (
        "there is no such {kind}: {id}",
        "list what there is: `idphoto campaign list`, `idphoto review list` …",
    ),
    "not_reviewable": ("this submission is {state}", "only one under review can be decided: `idphoto review list`"),
    "review_conflict": (
        "somebody else decided first: it is {state} now, version {version}",
        "look again: `idphoto review show {submission}`",
    ),
    "not_reviewable:submitted": ("this submission is under review", "nothing was decided that could be taken back"),
    "undo_refused:not_yours": ("somebody else decided this", "only who decided takes it back: see --as"),
    "undo_refused:too_late": (
        "this was decided more than {minutes} minutes ago",
        "`idphoto review revoke` takes an approval back at any time, and tells student and registry",
    ),
    "undo_refused:superseded": ("the student has handed in another photo since", "decide on that one"),
    "undo_refused:gone": ("the photo or the student's place in the campaign is gone", "there is nothing to take back"),
    "login_taken": ("somebody has this login already", "choose another: `idphoto staff list`"),
    "bad_login": (
        "not a login",
        "2 to 64 small letters, digits or . - _ @, beginning with a letter or digit, such as a work number",
    ),
    "last_registrar": ("nobody else could manage the accounts", "add another registrar first: `idphoto staff add`"),
    "invalid_request": ("this cannot be done: {reason}", "see the command's --help"),
    "id_number_invalid": ("an ID number is not one: {reason}", "correct it and try again; nothing was kept"),
    "malformed_secret": ("a webhook secret is unusable: {reason}", "let `idphoto registry rotate-secret` make one"),
    "queue_unavailable": ("Redis does not answer", "start it, or check REDIS_URL"),
    "database_unavailable": (
        "the database does not answer, or not in time; nothing was kept",
        "try again; if it stays so, look whether the server runs, and check DATABASE_URL",
    ),
    "clock_ahead": (
        "this machine's clock says {now}, {days} days after it was last believed ({latest}); nothing is deleted",
        "set the clock right; if it is right (a holiday, a restored backup): `idphoto purge --clock-is-right`, once",
    ),
    "schema_behind": (
        "the database's schema is behind this program (it is at {at}, needed is {needed})",
        "`idphoto database upgrade` brings it up, then try again",
    ),
    "schema_ahead": (
        "a newer version of this program has changed the database (it is at {at}, this one knows {needed})",
        "start that newer version; to go back to this one, restore the backup made before the upgrade",
    ),
    "renderer_away": (
        "photos cannot be made here: {reason}",
        "`idphoto models install` fetches the networks, `idphoto doctor` tells what else is missing",
    ),
    "vault_error": ("sealed data does not open with this key", "check IDPHOTO_DATA_KEYS, or var/data.key"),
    "blob_missing": ("the file {key} is gone", "restore it from the backup"),
    "storage_unavailable": (
        "the store of files does not do what it is asked ({reason})",
        "`idphoto storage check` tells more; docs/storage.md",
    ),
    "conflict": ("somebody else changed the same thing just now", "look again and repeat"),
    "wechat_unavailable": ("WeChat does not answer (errcode {errcode}, rid {rid})", "try again in a while"),
    "wechat_misconfigured": (
        "WeChat refuses our settings (errcode {errcode}, rid {rid})",
        "look the errcode up in docs/wechat.md",
    ),
    "embedded_redis_unavailable": ("{problem}", ""),
}


@contextmanager
def in_words(refusal: Callable[[str], BaseException]) -> Iterator[None]:
    """Turn what the house refuses, bad settings and a silent database into `refusal`, made of the words for it."""
    from sqlalchemy.exc import DBAPIError

    from photo_service.specs import SpecFileError

    try:
        yield
    except AppError as fault:
        raise refusal(words_of(fault)) from fault
    except ConfigError as fault:
        raise refusal(f"config_error: {fault}\nSet the variables named and try again.") from fault
    except SpecFileError as fault:
        raise refusal(f"spec_file_error: {fault}\nCorrect the file and try again.") from fault
    except DBAPIError as fault:
        raise refusal(f"database_unavailable: {_first_line(fault.orig)}\nCheck DATABASE_URL.") from fault


def one_line(words: str) -> str:
    """Answer the same on one line, for a log whose last line is what people are shown."""
    return words.replace("\n", ". ")


def words_of(refusal: AppError) -> str:
    """Answer the code, the reason with its facts, and what to do, on two lines."""
    case = refusal.facts.get("reason") or refusal.facts.get("state")
    told = _WORDS.get(f"{refusal.code}:{case}") or _WORDS.get(refusal.code)
    what, advice = told or (_facts(refusal.facts) or "refused", "")
    what, advice = (text.format_map(_Facts(refusal.facts)) for text in (what, advice))
    return f"{refusal.code}: {what}" + (f"\nWhat to do: {advice}" if advice else "")


class _Facts(dict[str, object]):
    """A fact that is not there is told as `?`: an error about an error helps nobody."""

    def __missing__(self, key: str) -> str:
        return "?"


def _facts(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in facts.items())


def _first_line(fault: BaseException | None) -> str:
    return (str(fault).splitlines() or [""])[0]
