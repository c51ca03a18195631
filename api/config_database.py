"""Which databases there are, and how their addresses are written.

An address holds a password, so that nothing here ever repeats one: a refusal says what is allowed instead.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from api.config_reader import Reader

_SCHEMES = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""Scheme as people write it: scheme with the driver that is installed (psycopg 3; `postgres` is what hosts print)."""

_ALLOWED = (
    "must be sqlite:///path or postgresql://user:password@host:5432/name"
    " (in a password, write what is not a letter or digit as %XX)"
)


def read_database_url(reader: Reader, *, default: str | None) -> str:
    """Read `DATABASE_URL`, its scheme the driver's. Notes a fault for any other database."""
    given = reader.given("DATABASE_URL", default=default)
    if not given:
        return ""
    try:
        return driver_url(given)
    except ValueError as fault:
        reader.fault("DATABASE_URL", str(fault))
        return ""


def database_url_of(env: Mapping[str, str]) -> str:
    """Return the database's address alone, for who may change its schema and need know nothing else of the house.

    Raises ConfigError.
    """
    reader = Reader(env)
    default = None
    if reader.flag("IDPHOTO_EMBEDDED", default=False):
        default = embedded_url(reader.path("IDPHOTO_HOME", default=Path("var")))
    url = read_database_url(reader, default=default)
    reader.finish()
    return url


def embedded_url(home: Path) -> str:
    """Return the address of the embedded mode's own database."""
    return f"sqlite:///{home}/idphoto.db"


def driver_url(address: str) -> str:
    """Return an address with the driver we bring in its scheme.

    Raises ValueError, saying what is allowed, for another database, a port that is none, or no database named.
    """
    scheme, mark, rest = address.partition("://")
    wanted = _SCHEMES.get(scheme.lower())
    if wanted is None or not mark:
        raise ValueError(_ALLOWED)
    if wanted != "sqlite":
        _check_server(rest)
    return f"{wanted}://{rest}"


def _check_server(rest: str) -> None:
    try:
        parts = urlsplit(f"postgresql://{rest}")
        named = parts.path.strip("/")
        _ = parts.port
    except ValueError:
        raise ValueError(_ALLOWED) from None  # the cause would repeat what may be a piece of the password
    if not named or "/" in named or parts.fragment or parts.netloc.count("@") > 1:
        raise ValueError(_ALLOWED)
