"""The installation as its settings describe it: do they make sense, and does everything they name answer."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.adapters.database.engine import open_engine
from api.adapters.database.schema import require_schema
from api.cli.doctor.places import clocks, disk, files, redis_server
from api.cli.doctor.running import examine_running
from api.cli.doctor.settings import data_keys, proxies, public_url, secret_files
from api.config import ConfigError, Settings
from api.domain.errors import AppError
from api.plain_words import words_of
from photo_service.doctor import Symptom


def examine_installation(env: Mapping[str, str]) -> Iterator[Symptom]:
    """Look at every part in turn; what rests on a part that is ill is not looked at, its fault would only mislead."""
    try:
        settings = Settings.from_env(env)
    except ConfigError as fault:
        yield Symptom("settings", "; ".join(fault.faults), "Set the variables named", "Nothing starts with these")
        return
    yield Symptom("settings", "embedded, for one machine" if settings.embedded else "complete")
    looks: dict[str, Callable[[], Symptom]] = {
        "public address": lambda: public_url(settings),
        "reverse proxy": lambda: proxies(settings),
        "secret files": lambda: secret_files(settings, env),
        "data keys": lambda: data_keys(settings),
        "queue server": lambda: redis_server(settings),
        "files": lambda: files(settings),
        "disk": lambda: disk(settings),
    }
    for part, look in looks.items():
        yield _safely(part, look)
    yield from _from_the_database(settings)


def _from_the_database(settings: Settings) -> Iterator[Symptom]:
    if settings.embedded and not (settings.home / "idphoto.db").exists():
        yield Symptom("database", f"none under {settings.home} yet", "Start it once: idphoto up")
        return
    engine = open_engine(settings.database_url)
    try:
        database = _safely("database", lambda: _database(engine))
        yield database
        if not database.well:
            return
        yield _safely("clocks", lambda: clocks(settings, engine))
        yield from examine_running(settings, engine, safely=_safely)
    finally:
        engine.dispose()


def _database(engine: Engine) -> Symptom:
    require_schema(engine)
    return Symptom("database", f"{engine.dialect.name} answers, its schema is this program's")


def _safely(part: str, look: Callable[[], Symptom]) -> Symptom:
    """Look; a part that cannot be looked at is a symptom, not an end. No address of a database is ever repeated."""
    try:
        return look()
    except AppError as fault:
        what, _, advice = words_of(fault).partition("\nWhat to do: ")
        return Symptom(part, what, advice or "See docs/operations.md")
    except SQLAlchemyError as fault:
        return Symptom(part, type(fault).__name__, "Look whether the server runs, and check DATABASE_URL")
    except Exception as fault:  # noqa: BLE001  the doctor's work is to name whatever is broken
        return Symptom(part, f"{type(fault).__name__}: {fault}", "See docs/operations.md")
