"""Tell an operator what went wrong in a line or two: the code, what is wrong, what to do. Never a traceback."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

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
    "schema_behind": ("the database's schema is behind this program", "run the migrations, then try again"),
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
    "conflict": ("somebody else changed the same thing just now", "look again and repeat"),
    "wechat_unavailable": ("WeChat does not answer (errcode {errcode}, rid {rid})", "try again in a while"),
    "wechat_misconfigured": (
        "WeChat refuses our settings (errcode {errcode}, rid {rid})",
        "look the errcode up in docs/wechat.md",
    ),
    "embedded_redis_unavailable": ("{problem}", ""),
}


class Refusal(click.ClickException):
    """An error on purpose: printed in a line or two, exit status 2."""

    exit_code = 2


@contextmanager
def telling_refusals() -> Iterator[None]:
    """Turn what the house refuses, bad settings and a silent database into a Refusal."""
    from sqlalchemy.exc import DBAPIError

    from photo_service.specs import SpecFileError

    try:
        yield
    except AppError as refusal:
        raise Refusal(words_of(refusal)) from refusal
    except ConfigError as fault:
        raise Refusal(f"config_error: {fault}\nSet the variables named and try again.") from fault
    except SpecFileError as fault:
        raise Refusal(f"spec_file_error: {fault}\nCorrect the file and try again.") from fault
    except DBAPIError as fault:
        raise Refusal(f"database_unavailable: {_first_line(fault.orig)}\nCheck DATABASE_URL.") from fault


def one_line(refusal: AppError) -> str:
    """Answer the same on one line, for a log whose last line is what people are shown."""
    return words_of(refusal).replace("\n", ". ")


def words_of(refusal: AppError) -> str:
    """Answer the code, the reason with its facts, and what to do."""
    what, advice = _WORDS.get(refusal.code, (_facts(refusal.facts) or "refused", ""))
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
