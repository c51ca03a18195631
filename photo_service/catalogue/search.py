"""Find specs by what people type: a name or another name of it, its pinyin or its initials, use, region, pixels."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from photo_service.spec import Size, Spec

_NEAR_ENOUGH: Final = 0.75
"""Share of letters in common from which a slip of the finger is forgiven: `sllj` for `slj` has 0.86."""
_FEWEST_LETTERS: Final = 3
_TIMES: Final = re.compile(r"(?<=\d)\s*[x×*＊]\s*(?=\d)", re.IGNORECASE)


def search(specs: Iterable[Spec], words: str) -> tuple[Spec, ...]:
    """Return the specs that all words fit, those that they fit best first.

    Where no spec has a word as it stands, the one most like it among names and pinyin is taken: `sllj` finds what
    `slj` finds. No words find everything.
    """
    specs = tuple(specs)
    wanted = [normalised(word) for word in _TIMES.sub("x", words).split()]
    wanted = [word for word in wanted if word]
    found = _ranked(specs, wanted)
    if not found and (guessed := [_nearest(specs, word) for word in wanted]) != wanted:
        found = _ranked(specs, guessed)
    return found


def search_terms(spec: Spec) -> tuple[str, ...]:
    """Return everything a spec is found by, normalised: a client that looks for a word in these finds it too."""
    names = [normalised(name) for name in (spec.name, *spec.aliases)]
    others = [normalised(text) for text in (spec.id, spec.group.label, spec.region, spec.use)]
    spoken = [form for line in spec.pinyin for form in (initials(line), line.replace(" ", ""))]
    return tuple(dict.fromkeys([*names, *others, *_sizes(spec.size), *spoken]))


def normalised(text: str) -> str:
    """Return letters and digits alone, small and of one width: `CET-4（四级）` is `cet4四级`."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).lower() if letter.isalnum())


def initials(pinyin: str) -> str:
    """Return the first letter of each syllable: `si liu ji` is `slj`."""
    return "".join(syllable[0] for syllable in pinyin.split())


def _ranked(specs: Iterable[Spec], words: list[str]) -> tuple[Spec, ...]:
    ranks = ((spec, [_rank(spec, word) for word in words]) for spec in specs)
    fitting = [(sum(rank for rank in ranked if rank is not None), spec) for spec, ranked in ranks if None not in ranked]
    return tuple(spec for _, spec in sorted(fitting, key=lambda pair: pair[0]))


def _rank(spec: Spec, word: str) -> int | None:
    """Say how well a word fits: 0 it is a name, 1 a name begins with it, 2 to 4 it is somewhere, None not at all."""
    names = [normalised(name) for name in (spec.name, *spec.aliases)]
    spoken = [form for line in spec.pinyin for form in (initials(line), line.replace(" ", ""))]
    if word in names or word == normalised(spec.id):
        return 0
    if word in spoken or any(name.startswith(word) for name in names):
        return 1
    if any(word in name for name in names) or word in _sizes(spec.size):
        return 2
    if any(_is_spoken_in(word, line) for line in spec.pinyin):
        return 3
    others = (spec.id, spec.group.label, spec.group.value, spec.region, spec.use)
    return 4 if any(word in normalised(text) for text in others) or _fits(word, spec.size) else None


def _is_spoken_in(word: str, pinyin: str) -> bool:
    """Tell whether a word is pinyin or initials from the start of some syllable on."""
    syllables = pinyin.split()
    tails = [syllables[start:] for start in range(len(syllables))]
    return word in initials(pinyin) or any("".join(tail).startswith(word) for tail in tails)


def _sizes(size: Size) -> tuple[str, ...]:
    largest = f"{size.max_width}x{size.max_height}"
    return (largest,) if size.exact else (largest, f"{size.min_width}x{size.min_height}")


def _fits(word: str, size: Size) -> bool:
    """Tell whether a word is a size that the spec takes, between its smallest and its largest."""
    if not (match := re.fullmatch(r"(\d{2,4})x(\d{2,4})", word)):
        return False
    width, height = int(match[1]), int(match[2])
    within = size.min_width <= width <= size.max_width and size.min_height <= height <= size.max_height
    return within and abs(width - height * size.max_width / size.max_height) <= 1


def _nearest(specs: Iterable[Spec], word: str) -> str:
    if len(word) < _FEWEST_LETTERS or any(_rank(spec, word) is not None for spec in specs):
        return word
    terms = list(dict.fromkeys(_terms_to_slip_on(specs)))
    return next(iter(difflib.get_close_matches(word, terms, n=1, cutoff=_NEAR_ENOUGH)), word)


def _terms_to_slip_on(specs: Iterable[Spec]) -> Iterator[str]:
    for spec in specs:
        for name, line in zip((spec.name, *spec.aliases), spec.pinyin, strict=True):
            yield from (normalised(name), initials(line), line.replace(" ", ""))


def by_group(specs: Iterable[Spec]) -> Mapping[str, tuple[Spec, ...]]:
    """Sort specs into their groups, by the group's label and in the order of the groups."""
    specs = tuple(specs)
    groups = sorted({spec.group for spec in specs}, key=list(type(specs[0].group)).index) if specs else []
    return {group.label: tuple(spec for spec in specs if spec.group is group) for group in groups}
