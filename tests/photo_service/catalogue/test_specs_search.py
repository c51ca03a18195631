"""Whoever looks for a spec finds it by the word they have: a name, its sound, its initials, its use, its pixels."""

import json
import re
from collections.abc import Mapping
from functools import cache

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from photo_service.catalogue.search import by_group, initials, normalised, search, search_terms
from photo_service.cli import main
from photo_service.spec import Group, Spec
from photo_service.specs import load_catalogue


@cache
def the_catalogue() -> Mapping[str, Spec]:
    """Read once: these tests ask hundreds of times."""
    return load_catalogue()


def found(words: str) -> list[str]:
    return [spec.id for spec in search(the_catalogue().values(), words)]


def idphoto(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["specs", *arguments])


def syllables(text: str) -> str:
    """What pypinyin makes of a name, in the form of the spec files."""
    pypinyin = pytest.importorskip("pypinyin", reason="pypinyin, a tool for tests alone, is not installed")
    spoken = pypinyin.lazy_pinyin(text)
    return " ".join(part for syllable in spoken for part in re.findall(r"[a-z0-9]+", syllable.lower()))


class TestWords:
    @pytest.mark.parametrize(
        ("words", "first"),
        [
            ("四六级", "cet"),
            ("slj", "cet"),
            ("sllj", "cet"),  # a slip of the finger
            ("siliuji", "cet"),
            ("CET 四六级", "cet"),
            ("四、六级", "cet"),
            ("xlzp", "chsi-graduate"),
            ("学信网", "chsi-graduate"),
            ("XXW", "chsi-graduate"),
            ("xuelizhaopian", "chsi-graduate"),
            ("身份证", "id-card"),
            ("sfz", "id-card"),
            ("考研", "postgraduate"),
            ("ky", "postgraduate"),
            ("护照", "passport"),
            ("一寸", "one-inch"),
            ("1寸", "one-inch"),
            ("ｏｎｅ－ｉｎｃｈ", "one-inch"),
            ("普通话", "putonghua"),
            ("教资 笔试", "ntce"),
            ("法考", "law-exam"),
            ("DS-160", "us-visa"),
            ("湖南 英语", "hunan-pretco"),
            ("180x240", "hunan-pretco"),
            ("180 × 240", "hunan-pretco"),
            ("新疆", "self-study-xinjiang"),
            ("chsi", "chsi-graduate"),
        ],
    )
    def test_the_word_people_have_leads_to_the_spec(self, words: str, first: str):
        """First of what is found."""
        assert found(words)[0] == first

    def test_pixels_find_every_spec_that_takes_them(self):
        """Exact ones and ranges of the same shape; not a square one."""
        assert {"chsi-graduate", "gaokao", "cet", "postgraduate"} <= set(found("480*640"))
        assert "us-visa" not in found("480x640")

    def test_all_words_must_fit(self):
        """More words, fewer specs."""
        assert set(found("自考 天津")) == {"self-study-tianjin"}

    def test_a_group_is_a_word_too(self):
        """In Chinese and by its id."""
        visas = {spec.id for spec in the_catalogue().values() if spec.group is Group.VISA}

        assert visas <= set(found("签证"))
        assert visas <= set(found("visa"))

    def test_nothing_typed_finds_all_and_nonsense_nothing(self):
        """Blanks and punctuation are nothing typed."""
        assert set(found(" 、 ")) == set(the_catalogue())
        assert found("冰淇淋") == []
        assert found("qqqqqqqq") == []

    @given(st.text(max_size=12))
    def test_any_text_is_answered(self, words: str):
        """Never an error, never a spec twice."""
        ids = found(words)

        assert len(ids) == len(set(ids))


class TestPinyin:
    @pytest.mark.parametrize("spec_id", sorted(the_catalogue()))
    def test_the_syllables_in_the_file_are_those_of_its_names(self, spec_id: str):
        """They are written down, so that nobody needs a dictionary at run time; this keeps them right."""
        spec = the_catalogue()[spec_id]

        assert list(spec.pinyin) == [syllables(name) for name in (spec.name, *spec.aliases)]

    @pytest.mark.parametrize("spec_id", sorted(the_catalogue()))
    def test_a_spec_is_found_by_each_of_its_names_and_by_their_sound(self, spec_id: str):
        """Whatever is written in the file leads to it; a client that searches the terms finds as much."""
        spec = the_catalogue()[spec_id]
        terms = search_terms(spec)

        for name, line in zip((spec.name, *spec.aliases), spec.pinyin, strict=True):
            for word in (name, line.replace(" ", ""), initials(line)):
                assert spec_id in found(word), word
                assert normalised(word) in terms

    def test_no_two_specs_have_one_name(self):
        """A name that people type means one spec."""
        names = [normalised(name) for spec in the_catalogue().values() for name in (spec.name, *spec.aliases)]

        assert len(names) == len(set(names))


class TestTheCommand:
    def test_the_list_is_grouped_in_chinese_and_whole(self):
        """Every id stands in it uncut, under its group."""
        result = idphoto()

        assert result.exit_code == 0
        assert all(re.search(rf"^ {re.escape(spec_id)} ", result.stdout, re.MULTILINE) for spec_id in the_catalogue())
        assert all(group.label in result.stdout for group in Group)

    def test_a_search_shows_what_it_finds(self):
        """As a table, and as JSON in the order of the best fit."""
        assert "chsi-graduate" in idphoto("--search", "xlzp").stdout
        assert [spec["id"] for spec in json.loads(idphoto("--search", "xlzp", "--json").stdout)] == ["chsi-graduate"]

    def test_nothing_found_says_how_to_look(self):
        """Exit 1, in Chinese; as JSON an empty list."""
        result = idphoto("--search", "冰淇淋")

        assert result.exit_code == 1
        assert "没有找到" in result.stderr
        assert json.loads(idphoto("--search", "冰淇淋", "--json").stdout) == []

    @pytest.mark.parametrize("name", ["visa", "签证"])
    def test_a_group_can_be_asked_for(self, name: str):
        """By id or by its Chinese name."""
        shown = json.loads(idphoto("--group", name, "--json").stdout)

        assert {spec["group"]["id"] for spec in shown} == {"visa"}

    def test_an_unknown_group_names_the_known_ones(self):
        """Exit 2."""
        result = idphoto("--group", "food")

        assert result.exit_code == 2
        assert "visa (签证)" in result.stderr

    def test_one_spec_is_told_in_full(self):
        """Every rule in Chinese, with its source."""
        shown = idphoto("id-card").stdout

        assert "发顶至上边 7 至 21 像素" in shown
        assert "GA 461-2004" in shown
        assert "14,336 至 19,999 字节" in shown

    def test_groups_keep_their_order(self):
        """School first, sizes last; a spec stands in one group."""
        groups = by_group(the_catalogue().values())

        assert list(groups) == [group.label for group in Group]
        assert sum(len(members) for members in groups.values()) == len(the_catalogue())
        assert by_group(()) == {}
