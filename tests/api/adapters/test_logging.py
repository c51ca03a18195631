"""The log says what happened to which photo, and nothing of whom."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from api.adapters.logging import configure_logging, report_crash


@pytest.fixture(autouse=True)
def quiet_afterwards() -> Iterator[None]:
    """Leave the log as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_events_are_json_lines(capsys: pytest.CaptureFixture[str]):
    """One line each, with level, time in UTC and the ids that were given."""
    configure_logging("json")
    structlog.get_logger("worker").info("rendered", photo="ph_1")

    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["photo"], event["level"]) == ("rendered", "ph_1", "info")
    assert event["timestamp"].endswith("Z")


def test_the_libraries_speak_in_the_same_way(capsys: pytest.CaptureFixture[str]):
    """Their warnings are JSON too; their chatter is left out."""
    configure_logging("json")
    logging.getLogger("some.library").warning("something about %s", "a thing")
    logging.getLogger("some.library").info("chatter")

    event = json.loads(capsys.readouterr().err)
    assert event["event"] == "something about a thing"


def test_people_can_read_it_too(capsys: pytest.CaptureFixture[str]):
    """The console form is for eyes."""
    configure_logging("console")
    structlog.get_logger("worker").info("rendered", photo="ph_1")

    assert "photo=ph_1" in capsys.readouterr().err


def test_a_crash_is_told_without_its_words(capsys: pytest.CaptureFixture[str]):
    """A library's message may quote the data; the log has the kind and the place."""
    configure_logging("json")
    with pytest.raises(ValueError, match="张") as crash:
        int("张示例 430000197001010019")
    report_crash("ph_1", crash.value)

    line = capsys.readouterr().err
    event = json.loads(line)
    assert (event["photo"], event["error"]) == ("ph_1", "ValueError")
    assert event["at"][0].startswith(__file__)
    assert "430000" not in line
