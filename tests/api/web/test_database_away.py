"""A database that is away, busy or asked for the impossible: the caller hears when to come back, or what was wrong."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_here import PostgresServer
from sqlalchemy import event
from web_world import Student, World, make_world

HUGE = "9" * 40


@pytest.fixture
def campus(tmp_path: Path, postgres_database: str) -> Iterator[World]:
    """A house on a PostgreSQL server."""
    one = make_world(tmp_path, database_url=postgres_database)
    yield one
    one.house.close()


def test_while_the_server_is_restarted_everybody_is_told_to_come_back(campus: World, postgres: PostgresServer):
    """503 as a problem document with Retry-After, on pages too; the first call afterwards is answered as ever."""
    zhang, office = campus.student(), campus.staff("registrar")
    postgres.stop()
    try:
        told = [zhang.get("/v1/submissions"), zhang.upload(), campus.client().post("/v1/auth/dev", json={"name": "x"})]
        page = office.get("/console/review")
        ready = campus.client().get("/readyz")
    finally:
        postgres.start()

    for answer in told:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["code"] == "database_unavailable"
        assert "几秒" in answer.get_json()["detail"]
    assert (page.status_code, page.mimetype, ready.status_code) == (503, "text/html", 503)
    assert "系统短暂中断" in page.text
    assert zhang.get("/v1/submissions").status_code == office.get("/console/review").status_code == 200
    assert zhang.upload().status_code == 202


def test_a_server_that_crashes_under_a_request_is_no_error_of_ours(campus: World, postgres: PostgresServer):
    """Its connections break in the middle: 503; what was not committed never was."""
    zhang = campus.student()
    engine = campus.house.parts.database.engine
    crashed = threading.Event()

    @event.listens_for(engine, "before_cursor_execute")
    def crash(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("INSERT INTO photos") and not crashed.is_set():
            crashed.set()
            postgres.stop(signal.SIGQUIT)

    try:
        answer = zhang.upload()
    finally:
        postgres.start()

    assert crashed.is_set()
    assert (answer.status_code, answer.get_json()["code"]) == (503, "database_unavailable")
    with campus.house.parts.database.read() as uow:
        assert uow.photos.count_queued() == 0


def test_a_locked_file_is_told_the_same_way(tmp_path: Path):
    """SQLite has one writer: whoever waits in vain is told to come back too."""
    world = make_world(tmp_path)
    zhang = world.student()
    engine = world.house.parts.database.engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50").close())
    with world.house.parts.database.write() as uow:
        uow.students.get("st_1")
        answer = zhang.upload()
    world.house.close()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("on_server", [True, False], ids=["postgresql", "sqlite"])
def test_what_no_database_can_keep_is_refused_politely(
    request: pytest.FixtureRequest, tmp_path: Path, *, on_server: bool
):
    """NUL, half characters, endless texts and numbers, wherever somebody may type: a 4xx, and never a 5xx."""
    if on_server:
        world: World = request.getfixturevalue("campus")
    else:
        world = make_world(tmp_path)
    zhang, office = world.student(), world.staff("registrar")
    told = {one: answer.status_code for one, answer in impossible(zhang, office, world).items()}
    world.house.close()

    assert {one: status for one, status in told.items() if status >= 500} == {}


def impossible(zhang: Student, office, world: World) -> dict[str, object]:
    """Ask for all of it; answers by what was asked."""
    campaign = world.seeded.campaigns[0].id
    desk = f"/console/campaigns/{campaign}"
    asked = {
        "photo": lambda word: zhang.get(f"/v1/photos/{word}"),
        "wait": lambda word: zhang.get(f"/v1/photos/ph_1?wait={word}"),
        "campaign": lambda word: zhang.get(f"/v1/campaigns/{word}"),
        "spec": lambda word: zhang.upload(spec=word),
        "for campaign": lambda word: zhang.upload(campaign=word),
        "background": lambda word: zhang.upload(spec="one-inch", background=word),
        "identity": lambda word: zhang.post(
            "/v1/me/identity", json={"campaign": campaign, "name": word, "id_number": word}
        ),
        "login": lambda word: zhang.http.post("/v1/auth/dev", json={"name": word}),
        "token": lambda word: zhang.http.post("/v1/auth/refresh", json={"refresh_token": word}),
        "consent": lambda word: zhang.post("/v1/consents", json={"id": word}),
        "draft": lambda word: zhang.put(f"/v1/campaigns/{campaign}/draft", json={"profile": {"x": word}}),
        "staff login": lambda word: office.post("/console/login", {"login": word, "password": word}),
        "staff": lambda word: office.post("/console/staff/new", {"login": word, "name": word, "role": "counsellor"}),
        "audit": lambda word: office.get("/console/audit", query_string={"before": word, "who": word, "what": word}),
        "queue": lambda word: office.get("/console/review", query_string={"campaign": word, "college": word}),
        "turn": lambda word: office.get("/console/review", query_string={"after": word, "page": word}),
        "people": lambda word: office.get(f"{desk}/roster/search", query_string={"q": word, "after": word}),
        "missing": lambda word: office.get(f"{desk}/missing", query_string={"college": word, "start": word}),
        "deliveries": lambda word: office.get(
            "/console/registries/deliveries", query_string={"before": word, "state": word, "event": word}
        ),
        "registry": lambda word: office.post("/console/registries/new", {"name": word, "url": "http://x.example/"}),
        "decision": lambda word: office.post(f"/console/review/{word}/approve", {"version": word}),
        "return": lambda word: office.post("/console/review/sb_1/return", {"version": word, "reason": word}),
        "batch": lambda word: office.post("/console/review/batch/approve", {"pick": word}),
        "new campaign": lambda word: office.post("/console/campaigns/new", {"slug": word, "name": word}),
    }
    words = {"nul": "a\0b", "percent": "%00", "250": "长" * 250, "130": "x" * 130, "half": "\ud800", "huge": HUGE}
    answers: dict[str, object] = {}
    for where, ask in asked.items():
        for kind, word in words.items():
            try:
                answers[f"{where}, {kind}"] = ask(word)
            except (UnicodeEncodeError, ValueError):
                continue  # no client can send it that way
    for kind, key in {"long": "k" * 300, "odd": "k\u00e9"}.items():
        answers[f"key, {kind}"] = zhang.upload(key=key)
    return answers
