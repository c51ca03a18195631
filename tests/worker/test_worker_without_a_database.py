"""A worker that is started while the database is away."""

import pytest

from worker.__main__ import main

SETTINGS = {
    "DATABASE_URL": "postgresql://idphoto:geheim@127.0.0.1:9/idphoto",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "IDPHOTO_PUBLIC_URL": "http://127.0.0.1:8000",
    "IDPHOTO_DATA_KEYS": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
}


def test_it_says_so_in_a_line_and_ends_so_that_it_is_started_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Status 1, unlike the 2 of settings that a person must correct; no traceback and no password."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BLOB_URL", "file:/nonexistent")

    assert main(["deliver"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("database_unavailable: ")
    assert told.count("\n") == 1
    assert "geheim" not in told
