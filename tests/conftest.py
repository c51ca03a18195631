"""Makes the modules beside this file (`web_world`) importable for every test below; one browser for all of a run."""

from collections.abc import Iterator

import pytest
import structlog
from chromium_here import CHROMIUM, FLAGS
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright
from postgres_here import PostgresServer, new_server, server_binaries


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database=postgresql`: every house of fakes on PostgreSQL, where the default is SQLite for all but a few."""
    kinds = ("sqlite", "postgresql", "both")
    parser.addoption("--database", choices=kinds, default="sqlite", help="what the tests' houses keep their memory in")


def pytest_configure(config: pytest.Config) -> None:
    """Give examples the time they need: a busy machine is no fault of ours, and speed is measured by `make bench`."""
    config.addinivalue_line("markers", "both_databases: its houses of fakes stand on SQLite and on PostgreSQL")
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first: at the end none is left over to which the other processes of a run could give no hand."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Let no test log into what an earlier one set up: its stream is closed by now."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def drivers() -> Iterator[Playwright]:
    """The one Playwright of a run: a second one in the same thread refuses to start beside it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The one Chromium of a run; a test asks it for a context of its own. Where there is none, that is said."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    drivers: Playwright = request.getfixturevalue("drivers")
    browser = drivers.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The one PostgreSQL server of a run; a test asks it for its own database. Where there is none, that is said."""
    binaries = server_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed here (initdb, postgres)")
    server = new_server(binaries)
    yield server
    server.remove()


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty, migrated database on it."""
    name = postgres.migrated()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def bare_postgres_database(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database on it with nothing in it."""
    name = postgres.bare()
    yield postgres.url(name)
    postgres.drop(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a test marked `both_databases`, or all of them with `--database=both`, run on each."""
    if "house_database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("both_databases")
        if marked or metafunc.config.getoption("--database") == "both":
            metafunc.parametrize("house_database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def house_database(request: pytest.FixtureRequest) -> str | None:
    """The address a house of fakes keeps its memory at; None: SQLite in its own folder."""
    if getattr(request, "param", request.config.getoption("--database")) == "sqlite":
        return None
    address: str = request.getfixturevalue("postgres_database")
    return address
