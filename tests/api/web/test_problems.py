"""Every refusal is a problem document with words in two languages, and a crash never shows itself."""

import importlib
import pkgutil
import re
import string

import pytest
import structlog
from apiflask import APIFlask
from web_world import World

import api
from api.domain.errors import AppError
from api.web.problems import STATUS
from api.web.wording import LANGUAGES, load_catalogues

for module in pkgutil.walk_packages(api.__path__, "api."):
    importlib.import_module(module.name)  # the tree is whole only once every branch has been seen


def _errors(root: type[AppError] = AppError) -> list[type[AppError]]:
    return [root, *(error for child in root.__subclasses__() for error in _errors(child))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words_in_every_language(language: str) -> None:
    """A new error without a sentence does not get in."""
    problems = load_catalogues()[language].problems
    missing = {error.code for error in _errors()} - problems.keys()
    assert not missing
    assert all(words.title and words.detail for words in problems.values())


def test_every_code_has_an_http_status() -> None:
    """And the table holds no code that nothing raises."""
    codes = {error.code for error in _errors()}
    assert codes == STATUS.keys()


def test_the_languages_have_the_same_entries() -> None:
    """Neither is behind the other."""
    chinese, english = (load_catalogues()[language] for language in LANGUAGES)
    assert chinese.problems.keys() == english.problems.keys()
    assert chinese.faults.keys() == english.faults.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_speak_only_of_facts_their_errors_have(language: str) -> None:
    """The facts are those that the error's docstring names."""
    told: dict[str, set[str]] = {}
    for error in _errors():
        facts = re.search(r"Facts: (.*)", error.__doc__ or "", re.DOTALL)
        told.setdefault(error.code, set()).update(re.findall(r"`(\w+)`", facts[1]) if facts else ())
    for code, words in load_catalogues()[language].problems.items():
        spoken = {name for _, name, _, _ in string.Formatter().parse(words.detail) if name}
        assert spoken <= told.get(code, set()), code


def test_a_problem_has_the_members_of_rfc_9457_and_ours(world: World) -> None:
    """Type, title, status, detail; code and request id."""
    answer = world.client().get("/v1/nowhere")
    body = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}
    assert (body["status"], body["code"], body["type"]) == (404, "not_found", "/docs#problem-not_found")
    assert body["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "zh-CN"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "fr", "zh-CN"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh-CN", "en", "zh-CN"),
        ("?lang=tlh", "en", "en"),
    ],
)
def test_the_language_is_the_callers(world: World, query: str, header: str | None, language: str) -> None:
    """`?lang=` before Accept-Language before Chinese."""
    headers = {"Accept-Language": header} if header else {}
    answer = world.client().get(f"/v1/campaigns{query}", headers=headers)
    assert answer.headers["Content-Language"] == language
    assert answer.get_json()["title"] == load_catalogues()[language].problems["not_authenticated"].title


def test_a_wrong_method_names_the_right_ones(world: World) -> None:
    """405 with Allow."""
    answer = world.client().put("/v1/photos")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_crash_shows_no_trace_and_logs_where_it_was_but_not_what_was_typed(world: World) -> None:
    """The student gets a number to quote; the log has the same number and no personal word."""

    def crash() -> None:
        raise ZeroDivisionError("张示例 430000200403120012")

    app: APIFlask = world.app
    app.add_url_rule("/v1/specs/crash", endpoint="catalogue.crash", view_func=crash)
    with structlog.testing.capture_logs() as logs:
        answer = world.client().get("/v1/specs/crash", headers={"X-Request-Id": "quote-me-1"})
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert answer.get_json()["request_id"] == "quote-me-1"
    assert "ZeroDivision" not in answer.text
    fault = next(log for log in logs if log["event"] == "unhandled")
    assert (fault["kind"], fault["request_id"]) == ("ZeroDivisionError", "quote-me-1")
    assert "张示例" not in str(logs)
    assert "430000200403120012" not in str(logs)


def test_the_log_of_a_whole_visit_holds_nobodys_name_number_or_token(world: World) -> None:
    """Requests are logged by route, status and time alone."""
    with structlog.testing.capture_logs() as logs:
        zhang = world.student("张示例")
        zhang.submit()
        zhang.get("/v1/photos/ph_secretid")
    text = str(logs)
    person = world.person("张示例")
    for private in ("张示例", person.id_number, zhang.session["access_token"], "ph_secretid", "张大示"):
        assert private not in text
    assert len(logs) >= 8
