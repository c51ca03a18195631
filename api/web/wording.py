"""Words for codes: the catalogue of messages, and which language a caller wants."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

LANGUAGES = ("zh-CN", "en")
BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Words:
    """What one code is called and what to do about it."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages of one language."""

    language: str
    problems: Mapping[str, Words]
    faults: Mapping[str, str]

    def words(self, code: str, facts: Mapping[str, object]) -> Words:
        """Return the entry of `code` with its facts told; a code without an entry reads as an internal error."""
        entry = self.problems.get(code) or self.problems["internal_error"]
        return Words(title=entry.title, detail=entry.detail.format_map(_Facts(facts)))


def load_catalogues() -> Mapping[str, Catalogue]:
    """Read every language's file. Raises FileNotFoundError or tomllib.TOMLDecodeError for a broken installation."""
    return {language: _load(language) for language in LANGUAGES}


def wanted_language() -> str:
    """Return the request's language: `?lang=` first, then Accept-Language, else Chinese."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0]) or LANGUAGES[0]


def _load(language: str) -> Catalogue:
    text = resources.files("api.web").joinpath("messages", f"{language}.toml").read_text(encoding="utf-8")
    body: dict[str, Any] = tomllib.loads(text)
    problems = {code: Words(**entry) for code, entry in body["problems"].items()}
    return Catalogue(language=language, problems=problems, faults=body["faults"])


class _Facts(dict[str, object]):
    """Facts as a sentence tells them: instants in Beijing time, a missing fact as a dash."""

    def __getitem__(self, name: str) -> object:
        value = self.get(name, "—")
        if name.endswith("_at") and isinstance(value, str):
            return _beijing(value)
        return value


def _beijing(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return text
