"""What students are told: one message and one advice for every code, in each language, from `messages/*.toml`."""

import string
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Self

LANGUAGES: Final = ("zh-CN", "en")

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "side": "left, right, both (the person's own), up or down: put into the language by the table [words]",
    "amount": "how much, in the unit that the sentence names",
    "count": "how many",
    "what": "what is in the way: put into the language by the table [words]",
    "value": "what was measured on a finished file",
    "limit": "what it is held against",
    "format": "the kind of the file",
    "megapixels": "millions of pixels of the file",
    "megabytes": "size of the file in MB",
    "spec": "id of the spec",
    "near": "ids most like it",
    "bytes_min": "fewest bytes the spec takes",
    "bytes_max": "most bytes the spec takes",
    "nearest": "bytes of the file that came nearest",
    "background": "the background that was asked for",
    "choices": "the backgrounds that the spec takes",
}
"""Everything a message may speak of in braces."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language.

    Each sentence of the file is a text or a list of texts: the first whose placeholders are all known is used, and
    the last has none, so that a fact that is missing costs a detail and never the sentence.
    """

    lang: str
    findings: Mapping[str, Mapping[str, Any]]
    errors: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, str]

    @classmethod
    def load(cls, lang: str) -> Self:
        """Read the words of one of LANGUAGES. Raises ValueError for another."""
        if lang not in LANGUAGES:
            raise ValueError(f"no messages in {lang!r}, only in {', '.join(LANGUAGES)}")
        text = (files("photo_service") / "messages" / f"{lang}.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)
        return cls(lang, table["findings"], table["errors"], table["words"])

    def finding(self, code: str, **facts: object) -> tuple[str, str]:
        """Say what is wrong and what to do, for a finding code."""
        return self._sentences(self.findings.get(code, {}), code, facts)

    def doubt(self, code: str, **facts: object) -> tuple[str, str]:
        """Say what may be wrong, where a check is not sure: a photo that is accepted is not told that it is wrong."""
        entry = self.findings.get(code, {})
        instead = {"message": entry.get("doubt"), "advice": entry.get("doubt_advice")}
        return self._sentences({**entry, **{key: text for key, text in instead.items() if text}}, code, facts)

    def advice_beside(self, code: str, others: Container[str]) -> str | None:
        """Say what to do where other faults were found too: None unless the usual advice would contradict theirs."""
        instead: Mapping[str, str] = self.findings.get(code, {}).get("advice_beside", {})
        return next((instead[other] for other in instead if other in others), None)

    def error(self, code: str, **facts: object) -> tuple[str, str]:
        """Say why the picture could not be judged and what to do, for an error code."""
        return self._sentences(self.errors.get(code, {}), code, facts)

    def word(self, key: str) -> str:
        """Give a single word of the text report, or the key itself where the language has none."""
        return self.words.get(key, key)

    def _sentences(self, entry: Mapping[str, Any], code: str, facts: Mapping[str, object]) -> tuple[str, str]:
        return self._sentence(entry.get("message", code), facts), self._sentence(entry.get("advice", ""), facts)

    def _sentence(self, variants: str | list[str], facts: Mapping[str, object]) -> str:
        spoken = {name: self._spoken(value) for name, value in facts.items() if value not in (None, [], ())}
        texts = [variants] if isinstance(variants, str) else variants
        return next((text.format(**spoken) for text in texts if placeholders(text) <= spoken.keys()), texts[-1])

    def _spoken(self, value: object) -> str:
        match value:
            case str():
                return self.words.get(value, value)
            case float():
                return f"{value:.1f}".removesuffix(".0")
            case list() | tuple():
                return self.word("comma").join(str(item) for item in value)
            case _:
                return str(value)


def placeholders(text: str) -> set[str]:
    """List what a sentence speaks of in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
