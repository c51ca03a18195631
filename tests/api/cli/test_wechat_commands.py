"""The mini-program and the roster's bonds on the command line."""

import pytest

from api.domain.media_check import MediaCheck, MediaCheckState


def test_a_counsellor_frees_a_row_by_student_number(desk):
    """What was handed in is taken back, and the second time there is nothing to free."""
    _, submission = desk.world.submitted()
    told = desk.run("roster", "unbind", "S2022001", "--campaign", "hunan-pretco")

    assert told == f"freed; submission {submission.id} taken back\n"
    again = desk.run("roster", "unbind", "S2022001", "--campaign", "hunan-pretco", expect=2)
    assert again.startswith("Error: not_bound")


def test_without_a_mini_program_the_check_says_so(desk):
    """What to set, and no error."""
    assert "WECHAT_APP_ID" in desk.run("wechat", "check")


def test_a_dead_wechat_is_told_in_two_lines(desk, monkeypatch: pytest.MonkeyPatch, tmp_path):
    """No traceback, no secret."""
    desk.world.seed()
    monkeypatch.setenv("IDPHOTO_FAKE_WECHAT_URL", "http://127.0.0.1:9")
    told = desk.run("wechat", "poster", "--campaign", "hunan-pretco", "-o", str(tmp_path / "poster.jpg"), expect=2)

    assert told.startswith("Error: ")
    assert "fake-secret" not in told
    assert not (tmp_path / "poster.jpg").exists()


def test_a_counsellor_reads_what_wechat_made_of_the_photo(desk):
    """A line more where WeChat was asked, none where nobody asks it."""
    _, submission = desk.world.submitted()
    assert "WeChat's check" not in desk.facts("review", "show", submission.id)

    now = submission.created_at
    check = MediaCheck(submission.photo_id, MediaCheckState.CHECKED, now, suggest="risky", label=20002)
    with desk.house.parts.database.write() as uow:
        uow.media_checks.add(check)
        uow.commit()
    assert desk.facts("review", "show", submission.id)["WeChat's check"] == "risky (label 20002)"
