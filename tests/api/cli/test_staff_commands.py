"""An operator looks after staff accounts from a terminal."""

import sqlite3

from click.testing import CliRunner

from api.cli import main
from api.domain.staff import Caller


def test_an_account_is_opened_with_a_one_time_password_that_works_once(desk):
    """Login, role and scopes are listed; the password is printed and kept nowhere."""
    shown = desk.facts("staff", "add", "Lin", "--name", "林老师", "--scope", "college=软件学院,class=软件2201班")
    [row] = desk.rows("staff", "list")
    entered = desk.house.staff.sign_in("lin", shown["one-time password"], caller=Caller())

    assert row["login"] == "lin"
    assert row["role"] == "counsellor"
    assert row["scopes"] == "college=软件学院,class=软件2201班"
    assert row["state"] == "one-time password"
    assert entered.member.must_change_password
    assert shown["one-time password"] not in (desk.var / "idphoto.db").read_bytes().decode("latin-1")


def test_scopes_are_added_and_taken_away(desk):
    """What is left is printed."""
    desk.run("staff", "add", "lin", "--scope", "class=甲班")

    assert [row["scope"] for row in desk.rows("staff", "scope", "lin", "--add", "grade=2022")] == [
        "class=甲班",
        "grade=2022",
    ]
    assert [row["scope"] for row in desk.rows("staff", "scope", "lin", "--remove", "class=甲班")] == ["grade=2022"]
    assert "is not such as" in desk.run("staff", "scope", "lin", "--add", "club=chess", expect=2)


def test_disabling_resetting_and_enabling_are_noted(desk):
    """And the last registrar stays."""
    desk.run("staff", "add", "lin")
    desk.run("staff", "add", "zhao", "--role", "registrar")
    assert desk.run("staff", "disable", "lin") == "lin is disabled, its sessions have ended\n"
    desk.run("staff", "enable", "lin")
    desk.facts("staff", "reset-password", "lin")
    told = desk.run("staff", "disable", "zhao", expect=2)

    done = [row["action"] for row in desk.rows("staff", "audit")]
    assert done == ["staff.reset", "staff.enabled", "staff.disabled", "staff.added", "staff.added"]
    assert desk.rows("staff", "audit", "--what", "staff.reset", "--who", "command line")[0]["who"] == "command line"
    assert told.startswith("Error: last_registrar: ")
    assert desk.run("staff", "disable", "nobody", expect=2).startswith("Error: not_found")
    assert desk.run("staff", "add", "LIN", expect=2).startswith("Error: login_taken")
    assert desk.run("staff", "add", "林", expect=2).startswith("Error: bad_login")


def test_the_chain_is_proved_and_an_older_copy_put_back_shows(desk):
    """The end that was printed earlier is held against the log."""
    for login in ("lin", "wang"):
        desk.run("staff", "add", login)
    told = desk.run("staff", "audit", "--verify")
    end = told.split()[-1]

    assert told.startswith("2 rows hold; the end is 2:")
    assert desk.run("staff", "audit", "--verify", "--expect", end) == told
    assert "replaced at row 2" in desk.run("staff", "audit", "--verify", "--expect", "2:" + "x" * 43, expect=1)
    assert "replaced at row 9" in desk.run("staff", "audit", "--verify", "--expect", "9:" + "x" * 43, expect=1)


def test_a_row_changed_below_the_database_is_found(desk):
    """Whoever takes the triggers away and edits the file leaves a row that does not fit its mark."""
    desk.run("staff", "add", "lin")
    desk.run("staff", "add", "wang")
    desk.run("staff", "disable", "wang")
    file = sqlite3.connect(desk.var / "idphoto.db")
    file.execute("DROP TRIGGER audit_log_no_update")
    file.execute("UPDATE audit_log SET actor = 'somebody else' WHERE seq = 2")
    file.commit()
    file.close()

    assert "does not hold: changed at row 2" in desk.run("staff", "audit", "--verify", expect=1)


def test_every_command_shows_how_it_is_called():
    """Examples in each --help."""
    for command in ("add", "scope", "reset-password", "disable", "enable", "audit"):
        told = CliRunner().invoke(main, ["staff", command, "--help"]).output
        assert f"idphoto staff {command} " in told
