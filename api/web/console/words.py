"""What the console says: one file a room and language, chosen by a cookie; and times as Beijing reads them."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from flask import current_app, has_request_context, request

from api.web.wording import BEIJING, LANGUAGES

COOKIE = "idphoto_lang"
WORDS = "campus-id-photo.console-words"


def load_words() -> Mapping[str, Mapping[str, str]]:
    """Read every room's file: language → `room.key` → sentence. Raises tomllib.TOMLDecodeError for a broken one."""
    return {language: dict(_language(language)) for language in LANGUAGES}


def language() -> str:
    """Return the language of the page: what the footer's switch chose, else Chinese."""
    chosen = request.cookies.get(COOKIE) if has_request_context() else None
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def t(key: str, **facts: object) -> str:
    """Return the sentence `room.key` with its facts told. A key that nobody wrote stands for itself."""
    words: Mapping[str, str] = current_app.extensions[WORDS][language()]
    sentence = words.get(key, key)
    return sentence.format_map(facts) if facts else sentence


def beijing(moment: datetime | None) -> str:
    """Return `2026-03-02 10:00`, Beijing time; a dash for no moment."""
    return "—" if moment is None else moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def beijing_s(moment: datetime | None) -> str:
    """Return `2026-03-02 10:00:59`, Beijing time; a dash for no moment."""
    return "—" if moment is None else moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _language(name: str) -> Iterator[tuple[str, str]]:
    folder = resources.files("api.web.console").joinpath("words")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        room, _, rest = file.name.partition(".")
        if rest == f"{name}.toml":
            yield from _flat(tomllib.loads(file.read_text(encoding="utf-8")), room)


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}.{key}")
        else:
            yield f"{prefix}.{key}", str(value)
