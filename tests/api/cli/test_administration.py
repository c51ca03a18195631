"""An operator runs campaigns, reviews and registries from a terminal, and errors tell what to do in a line or two."""

import sqlite3

import pytest
from click.testing import CliRunner
from house_fakes import PROFILE

from api.cli import main
from api.domain import signing


def test_a_counsellor_sees_what_is_to_be_reviewed(desk):
    """Name, class and state of each submission; the whole ID number nowhere."""
    _, submission = desk.world.submitted()
    [row] = desk.rows("review", "list", "--state", "submitted")
    shown = desk.facts("review", "show", submission.id)

    assert row["id"] == submission.id
    assert row["class"]
    assert shown["state"] == "submitted"
    assert "****" in shown["ID number"]
    assert shown["file"] == "180x240 px, 22 bytes"


def test_a_counsellor_approves_and_the_registry_s_event_is_owed(desk):
    """From then on the delivery waits in the database, whether or not Redis runs."""
    _, submission = desk.world.submitted()

    assert desk.run("review", "approve", submission.id, "--as", "li") == f"{submission.id} approved\n"

    assert desk.house.list_submissions(submission.student_id)[0].decided_by == "li"
    events = {row["event"]: row["state"] for row in desk.rows("deliveries", "list")}
    assert events == {"photo.submitted": "pending", "photo.approved": "pending"}


def test_a_counsellor_returns_a_photo_with_the_reason(desk):
    """The student reads the reason as it was written."""
    student, submission = desk.world.submitted()
    desk.run("review", "return", submission.id, "--reason", "请摘下帽子再拍")

    assert desk.house.list_submissions(student)[0].reason == "请摘下帽子再拍"
    assert desk.rows("review", "list", "--state", "submitted") == []


def test_deciding_twice_is_refused_in_two_lines(desk):
    """Code, what is wrong, what to do; exit status 2."""
    _, submission = desk.world.submitted()
    desk.run("review", "approve", submission.id)

    told = desk.run("review", "approve", submission.id, expect=2)
    assert told.startswith("Error: not_reviewable: this submission is approved\nWhat to do: ")
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize(
    "command",
    [
        ("review", "approve", "sb_none"),
        ("review", "show", "sb_none"),
        ("campaign", "show", "none"),
        ("roster", "list", "--campaign", "none"),
        ("registry", "ping", "rg_none"),
        ("registry", "rotate-secret", "rg_none"),
        ("deliveries", "replay", "dl_none"),
        ("deliveries", "show", "dl_none"),
    ],
)
def test_what_does_not_exist_is_told_so(desk, command):
    """A mistyped id is no traceback."""
    assert desk.run(*command, expect=2).startswith("Error: not_found: there is no such ")


def test_a_campaign_s_stand_is_shown(desk):
    """How many people, how many have proved who they are, how many submissions."""
    desk.world.submitted()
    [hunan, _] = desk.rows("campaign", "list")
    shown = desk.facts("campaign", "show", "hunan-pretco")

    assert hunan["slug"] == "hunan-pretco"
    assert hunan["window"] == "open"
    assert hunan["submissions"] == "1 submitted"
    assert (shown["people"], shown["bound"]) == ("4", "1")
    assert shown["form"] == "guardians, phone"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_is_imported_as_excel_writes_it(desk, tmp_path, encoding):
    """Chinese columns in any order, in the encodings Excel uses; twice is the same as once."""
    desk.world.seed()
    file = tmp_path / "名单.csv"
    file.write_bytes(
        "学号,姓名,身份证号,院系,年级,专业,班级,备注\r\nS9,赵新生,11010519491231002X,软件学院,2023,软件技术,1班,x\r\n".encode(
            encoding
        )
    )
    first = desk.run("roster", "import", str(file), "--campaign", "hunan-pretco")
    again = desk.run("roster", "import", str(file), "--campaign", "hunan-pretco")

    assert first == "1 people read: 1 added, 0 updated, 0 unchanged\n"
    assert again == "1 people read: 0 added, 0 updated, 1 unchanged\n"
    [row] = [row for row in desk.rows("roster", "list", "--campaign", "hunan-pretco") if row["student"] == "S9"]
    assert row["name"] == "赵新生"
    assert row["ID number"] == "110************02X"
    assert row["bound"] == "no"


def test_a_line_of_totals_is_passed_over_and_told(desk, tmp_path):
    """The people above it are imported, and one line says which line was none of them."""
    desk.world.seed()
    file = tmp_path / "名单"
    file.write_text(
        "学号,姓名,身份证号,院系,年级,专业,班级\n"
        "S9,赵新生,11010519491231002X,软件学院,2023,软件技术,1班\n"
        "合计,,,,,,1 人\n"
    )
    told = desk.run("roster", "import", str(file), "--campaign", "hunan-pretco")

    assert "1 people read: 1 added, 0 updated, 0 unchanged\n" in told
    assert "passed over, for they sum others up (合计): line 3\n" in told


def test_a_faulty_roster_imports_nobody(desk, tmp_path):
    """Every faulty line is named at once, without anybody's name or number."""
    desk.world.seed()
    file = tmp_path / "roster.csv"
    file.write_text(
        "name,id_number,student_number,college,grade,major,class\n"
        "甲,11010519491231002X,1,a,b,c,d\n"
        "乙,110105194912310021,2,a,b,c,d\n"
        ",430000200502300017,3,a,b,c,d\n"
        "丁,11010519491231002x,4,a,b,c,d\n"
    )
    told = desk.run("roster", "import", str(file), "--campaign", "hunan-pretco", expect=2)

    assert told.startswith("Error: roster_faulty: 4 faults in 4 people\n  line 3, 身份证号: 校验位不对，请核对\n")
    assert "line 4, 姓名: 不能为空" in told
    assert "line 4, 身份证号: 出生日期不存在" in told
    assert "line 5, 身份证号: 与第 2 行重复" in told
    assert "1101051949" not in told
    assert len(desk.rows("roster", "list", "--campaign", "hunan-pretco")) == 4


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"name,id_number\n", "找不到表头，缺少：学号"),
        (b"", "找不到表头"),
        (b"\xff\xff\xff", "编码既不是 UTF-8 也不是 GB 18030"),
        (b'name,"x\n' + b"y" * 200_000, "CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_told_so(desk, tmp_path, content, why):
    """A picture, an empty file, a table with other columns."""
    desk.world.seed()
    file = tmp_path / "x.csv"
    file.write_bytes(content)

    assert why in desk.run("roster", "import", str(file), "--campaign", "hunan-pretco", expect=2)


def test_a_decision_is_taken_back_at_once_by_who_made_it(desk):
    """A slip of the hand at the terminal, as at the console; nobody else's, and nothing that was not decided."""
    _, submission = desk.world.submitted()
    student, _ = desk.world.bound("carol", index=1)
    photo = desk.world.ready(student)
    other = desk.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    desk.run("review", "return", submission.id, "--reason", "请重拍", "--as", "li")
    desk.run("review", "approve", other.id, "--as", "wang")

    refused = desk.run("review", "undo", submission.id, "--as", "wang", expect=2)
    assert "undo_refused: somebody else decided this" in refused
    assert desk.run("review", "undo", submission.id, "--as", "li") == f"{submission.id} submitted\n"
    again = desk.run("review", "undo", submission.id, "--as", "li", expect=2)
    assert "this submission is under review" in again
    both = desk.run("review", "undo", submission.id, other.id, "--as", "wang", expect=2)
    assert f"{other.id} submitted\n" in both
    assert f"{submission.id}: not_reviewable" in both
    steps = [(row["state"], row["by"]) for row in desk.rows("review", "history", submission.id)]
    assert steps == [("submitted", "student"), ("returned", "li"), ("submitted", "li")]


def test_a_registry_named_late_is_told_of_what_was_approved_before(desk):
    """Nothing goes out by itself; the operator says when, and twice does no harm."""
    _, submission = desk.world.submitted()
    desk.run("review", "approve", submission.id, "--as", "li")
    late = desk.facts("registry", "add", "新系统", "https://late.example.edu.cn/hook")["id"]
    create = ("campaign", "create", "--template", "hunan-pretco-2023", "--slug", "hunan-pretco")
    desk.run(*create, "--starts", "2026-03-01 08:00:00", "--ends", "2026-03-20 23:59:59", "--registry", late)

    assert desk.run("registry", "tell-earlier", "hunan-pretco").startswith("1 events are owed")
    assert desk.run("registry", "tell-earlier", "hunan-pretco").startswith("0 events are owed")
    assert "no such campaign" in desk.run("registry", "tell-earlier", "nowhere", expect=2)
    assert [one.event.value for one in desk.house.list_deliveries(registry_id=late)] == ["photo.approved"]


def test_a_registry_is_added_with_two_secrets_shown_once(desk):
    """One for each direction; the list never shows them."""
    made = desk.facts("registry", "add", "教务系统", "https://jw.example.edu.cn/hook")
    listed = desk.run("registry", "list")

    secrets = {made["secret for what we send"], made["secret for what it answers"]}
    assert all(len(signing.key_of(secret)) == 32 for secret in secrets)
    assert len(secrets) == 2
    assert made["id"] in listed
    assert not any(secret in listed for secret in secrets)


def test_a_secret_is_changed_without_losing_an_event(desk):
    """Old and new sign side by side until the school has moved; then the new one alone."""
    registry = desk.world.seed().registry
    [old] = registry.secrets
    new = desk.run("registry", "rotate-secret", registry.id).splitlines()[0]

    assert desk.house.list_registries()[0].secrets == (new, old)
    desk.run("registry", "rotate-secret", registry.id, "--finish")
    assert desk.house.list_registries()[0].secrets == (new,)


def test_a_rotation_begun_twice_keeps_the_secret_the_school_uses(desk):
    """The operator lost the first new secret: the settled one still signs."""
    registry = desk.world.seed().registry
    [old] = registry.secrets
    desk.run("registry", "rotate-secret", registry.id)
    second = desk.run("registry", "rotate-secret", registry.id).splitlines()[0]

    assert desk.house.list_registries()[0].secrets == (second, old)


def test_finishing_a_rotation_that_was_not_begun_is_refused(desk):
    """Otherwise the only secret could be dropped by mistake."""
    registry = desk.world.seed().registry

    assert "no rotation was begun" in desk.run("registry", "rotate-secret", registry.id, "--finish", expect=2)
    assert desk.house.list_registries()[0].secrets == registry.secrets


def test_a_ping_without_a_worker_says_so(desk):
    """Exit status 1 and a hint, not an endless wait."""
    registry = desk.world.seed().registry

    assert "no worker has tried" in desk.run("registry", "ping", registry.id, "--wait", "0", expect=1)


def test_a_delivery_is_listed_with_its_last_try_and_replayed(desk):
    """The sample registry is not running: the try fails, a person sends again."""
    desk.world.submitted()
    [delivery] = desk.house.list_deliveries()
    desk.house.deliver(delivery.id)
    [row] = desk.rows("deliveries", "list")

    [tried] = desk.rows("deliveries", "show", delivery.id)

    assert row["tries"] == tried["try"] == "1"
    assert row["last try"] == tried["error"] != ""
    assert desk.run("deliveries", "replay", delivery.id) == f"{delivery.id} pending\n"
    assert desk.rows("deliveries", "list", "--state", "dead") == []


def test_sweep_and_purge_tell_what_they_did(desk):
    """One row of counts each."""
    assert desk.rows("sweep")[0]["skipped"] == "False"
    assert set(desk.rows("purge")[0].values()) == {"0"}


def test_settings_that_do_not_work_are_named_all_at_once(monkeypatch):
    """A server's environment with two mistakes: both named, no traceback, no values."""
    for name, value in {"DATABASE_URL": "sqlite:///x.db", "IDPHOTO_MAX_QUEUED": "many"}.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["review", "list"])

    assert result.exit_code == 2
    assert result.output.startswith("Error: config_error: settings:")
    assert "REDIS_URL is missing" in result.output
    assert "IDPHOTO_MAX_QUEUED" in result.output


def test_a_database_that_cannot_be_opened_is_told_in_two_lines(tmp_path):
    """A damaged file, for example."""
    (tmp_path / "idphoto.db").write_bytes(b"this is not a database" * 100)
    result = CliRunner().invoke(main, ["review", "list", "--var", str(tmp_path)])

    assert result.exit_code == 2
    assert result.output.startswith("Error: database_unavailable: ")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "idphoto.db").execute("select * from sqlite_master")
