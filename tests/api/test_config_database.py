"""Which databases an installation may name, and what is said of those it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL, make_url

from api.config_database import database_url_of, driver_url
from api.config_reader import ConfigError

TYPED = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="%"), min_size=6, max_size=20)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgresql://u:p@h:5432/n", "postgresql+psycopg://u:p@h:5432/n"),
        ("postgres://u:p@h/n?sslmode=require", "postgresql+psycopg://u:p@h/n?sslmode=require"),
        ("postgresql+psycopg://u@/n?host=/run/postgresql", "postgresql+psycopg://u@/n?host=/run/postgresql"),
        ("PostgreSQL://u:p%40%2F@h/n", "postgresql+psycopg://u:p%40%2F@h/n"),
        ("sqlite:////var/lib/idphoto/idphoto.db", "sqlite:////var/lib/idphoto/idphoto.db"),
    ],
)
def test_both_databases_may_be_named_as_people_write_them(given: str, taken: str):
    """The driver is ours to know."""
    assert database_url_of({"DATABASE_URL": given}) == taken


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://u:geheim@h/n",
        "postgresql+psycopg2://u:geheim@h/n",
        "postgresql:u:geheim@h/n",
        "postgresql://u:geheim@h:port/n",
        "postgresql://u:geheim@h",
        "postgresql://u:geheim@h/",
        "postgresql://u:ge/heim@h/n",
        "postgresql://u:ge#heim@h/n",
        "u:geheim@h/n",
        "jdbc:postgresql://h/n?password=geheim",
    ],
)
def test_any_other_is_refused_in_words_without_its_password(wrong: str):
    """What is allowed is said, with how to write a password."""
    with pytest.raises(ConfigError) as refusal:
        database_url_of({"DATABASE_URL": wrong})

    assert refusal.value.faults[0].startswith("DATABASE_URL must be sqlite:///path or postgresql://")
    assert "geheim" not in str(refusal.value)
    assert "heim" not in str(refusal.value)


def meant(address: str) -> URL | str:
    """Return what an address means to the driver, or what is said of it."""
    try:
        return make_url(driver_url(address))
    except ValueError as refusal:
        return str(refusal)


@given(password=TYPED)
def test_a_password_typed_as_it_is_works_or_is_refused_but_never_repeated(password: str):
    """Some need %XX: those are refused, and every other means exactly what it says."""
    found = meant(f"postgresql://u:{password}@host/name")

    if isinstance(found, str):
        assert password not in found
    else:
        assert (found.host, found.database, found.password) == ("host", "name", password)


def test_only_the_address_is_needed_to_change_a_schema():
    """A migration job has no data key."""
    assert database_url_of({"IDPHOTO_EMBEDDED": "1", "IDPHOTO_HOME": "/srv/x"}) == "sqlite:////srv/x/idphoto.db"
    with pytest.raises(ConfigError):
        database_url_of({})
