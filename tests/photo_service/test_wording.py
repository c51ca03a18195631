"""A student is always told what is wrong and what to do, in a language the student reads."""

import re
import tomllib
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photo_service.checks import CHECKS
from photo_service.codes import ErrorCode, FindingCode
from photo_service.wording import LANGUAGES, PLACEHOLDERS, Wording, placeholders


def entries(lang: str) -> dict[str, dict[str, str | list[str]]]:
    table = tomllib.loads((files("photo_service") / "messages" / f"{lang}.toml").read_text(encoding="utf-8"))
    return table["findings"] | table["errors"]


def texts(entry: dict[str, str | list[str]], key: str) -> list[str]:
    return [entry[key]] if isinstance(entry[key], str) else list(entry[key])


@pytest.mark.parametrize("lang", LANGUAGES)
class TestEveryCode:
    def test_has_a_message_and_an_advice(self, lang: str):
        """No code is ever shown bare."""
        wording = Wording.load(lang)

        assert set(wording.findings) == set(FindingCode)
        assert set(wording.errors) == set(ErrorCode)
        for code in FindingCode:
            assert all(wording.finding(code))
        for code in ErrorCode:
            assert all(wording.error(code))

    def test_speaks_only_of_documented_facts(self, lang: str):
        """Whoever writes a check can look up what a message may name."""
        for entry in entries(lang).values():
            for text in (*texts(entry, "message"), *texts(entry, "advice")):
                assert placeholders(text) <= PLACEHOLDERS.keys()

    def test_has_a_plain_sentence_for_when_a_fact_is_missing(self, lang: str):
        """A missing number costs the number, not the sentence."""
        for entry in entries(lang).values():
            for key in ("message", "advice"):
                assert not placeholders(texts(entry, key)[-1])

    def test_is_short(self, lang: str):
        """It is read on a phone, standing before a wall."""
        longest = 48 if lang == "zh-CN" else 110
        for code, entry in entries(lang).items():
            for text in (*texts(entry, "message"), *texts(entry, "advice")):
                spoken = re.sub(r"\{\w+\}", "00", text)
                assert len(spoken) <= longest, (code, text)

    def test_is_told_whatever_the_facts_are(self, lang: str):
        """Facts of any kind, missing or not: two sentences and no exception."""
        wording = Wording.load(lang)
        names = st.sampled_from([*PLACEHOLDERS, "unheard_of"])
        values = st.one_of(st.none(), st.text(max_size=5), st.floats(), st.integers(), st.lists(st.text(max_size=3)))

        @given(code=st.sampled_from([*FindingCode]), facts=st.dictionaries(names, values))
        def told(code: str, facts: dict[str, object]) -> None:
            message, advice = wording.finding(code, **facts)
            assert message
            assert advice

        told()


CLOSER = {"face_too_small", "low_resolution"}
FURTHER = {"face_too_large", "head_cut_off", "neck_cut_off"}
NEVER_TOGETHER = {("face_too_small", "face_too_large")}


@pytest.mark.parametrize("lang", LANGUAGES)
class TestAdviceBesideOtherAdvice:
    def test_nobody_is_told_to_come_closer_and_to_step_back(self, lang: str):
        """One of the two says something else, without a word of distance."""
        wording = Wording.load(lang)
        for near, far in product(CLOSER, FURTHER):
            if (near, far) not in NEVER_TOGETHER:
                nearer, further = (_advice(wording, code, {near, far}) for code in (near, far))
                assert not (_speaks_of(nearer, "靠近", "closer") and _speaks_of(further, "拿远", "further"))

    def test_who_needs_light_is_not_told_to_turn_away_from_it(self, lang: str):
        """Glasses that reflect are tipped, where the face must stay towards the window."""
        wording = Wording.load(lang)
        for dark in ("too_dark", "uneven_light"):
            assert not _speaks_of(_advice(wording, "glasses_glare", {dark, "glasses_glare"}), "避开", "away")

    def test_alone_every_fault_has_its_own_advice(self, lang: str):
        """What is said beside others is the exception."""
        wording = Wording.load(lang)
        for code in FindingCode:
            assert wording.advice_beside(code, {code}) is None

    def test_names_only_faults_that_exist_and_is_as_short_as_all(self, lang: str):
        """A misspelt code would never be said."""
        longest = 48 if lang == "zh-CN" else 110
        for entry in Wording.load(lang).findings.values():
            beside = entry.get("advice_beside", {})
            assert set(beside) <= set(FindingCode)
            assert all(0 < len(text) <= longest for text in beside.values())


@pytest.mark.parametrize("lang", LANGUAGES)
class TestDoubt:
    def test_every_check_that_may_be_unsure_says_so(self, lang: str):
        """An accepted photo is not told “the head is not in the picture” or “this is not a photo of a person”."""
        wording = Wording.load(lang)
        for check in CHECKS:
            if check.doubt is not None:
                assert wording.doubt(check.code)[0] != wording.finding(check.code)[0], check.code

    def test_keeps_the_facts_and_the_advice(self, lang: str):
        """Which ear, and what to do about it: unless an advice of its own is better."""
        wording = Wording.load(lang)
        message, advice = wording.doubt("ears_covered", side="left")

        assert wording.word("left") in message
        assert advice == wording.finding("ears_covered")[1]
        assert wording.doubt("head_covered")[1] != wording.finding("head_covered")[1]

    def test_is_as_short_and_as_well_founded_as_all(self, lang: str):
        """Read on a phone; speaks of known facts alone, and of none where they are missing."""
        longest = 48 if lang == "zh-CN" else 110
        for code, entry in Wording.load(lang).findings.items():
            for key in {"doubt", "doubt_advice"} & entry.keys():
                assert code in {check.code for check in CHECKS if check.doubt is not None}
                assert not placeholders(texts(entry, key)[-1])
                for text in texts(entry, key):
                    assert placeholders(text) <= PLACEHOLDERS.keys()
                    assert 0 < len(re.sub(r"\{\w+\}", "00", text)) <= longest, (code, text)


def test_a_student_before_the_wrong_wall_is_not_sent_to_a_program():
    """A selfie is taken anew before the right wall; a finished file may be made anew by the program."""
    wording = Wording.load("zh-CN")

    assert "本程序" not in wording.finding("wrong_background")[1]
    assert "本程序" in wording.finding("wrong_background", value=30.0, limit=24.0)[1]


def test_both_languages_know_the_same_exceptions():
    """Whoever reads English is not contradicted either."""
    chinese, english = (Wording.load(lang).findings for lang in ("zh-CN", "en"))

    for code in FindingCode:
        assert chinese[code].get("advice_beside", {}).keys() == english[code].get("advice_beside", {}).keys()


def _advice(wording: Wording, code: str, found: set[str]) -> str:
    return wording.advice_beside(code, found) or wording.finding(code)[1]


def _speaks_of(text: str, *words: str) -> bool:
    return any(word in text for word in words)


def test_side_and_amount_are_spoken_in_chinese():
    """The person's own left, in degrees without decimals."""
    message, _ = Wording.load("zh-CN").finding("head_turned", side="left", amount=15.0)

    assert message == "头向左偏约 15°"


def test_the_same_in_english():
    """For operators and foreign students."""
    message, _ = Wording.load("en").finding("head_turned", side="left", amount=15)

    assert message == "The head is turned about 15° to the left"


def test_the_chin_up_is_not_a_direction_to_the_side():
    """Up and down have their own words."""
    assert Wording.load("zh-CN").finding("head_pitched", side="up", amount=20)[0] == "头后仰约 20°"


def test_without_facts_the_plain_sentence_is_used():
    """Some callers know only the code."""
    assert Wording.load("zh-CN").finding("head_turned")[0] == "头没有正对镜头"


def test_a_fact_with_braces_is_only_text():
    """What a student typed cannot become a placeholder."""
    message, _ = Wording.load("zh-CN").error("unknown_spec", spec="{near}")

    assert message == "没有“{near}”这个规格"


def test_near_specs_are_listed():
    """A mistyped spec is answered with the ones most like it."""
    message, _ = Wording.load("zh-CN").error("unknown_spec", spec="hunan", near=["hunan-pretco", "one-inch"])

    assert message == "没有“hunan”这个规格，是不是 hunan-pretco、one-inch？"


def test_a_language_without_messages_is_refused():
    """At start, not in the middle of a sentence."""
    with pytest.raises(ValueError, match="zh-CN"):
        Wording.load("fr")
