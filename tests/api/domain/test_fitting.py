"""Texts made to fit a message's fields: whatever is written, WeChat takes it, or we say beforehand that it cannot."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors_wechat import NoticeUnfittable
from api.domain.fitting import fit, kind_of
from deploy.fake_wechat.refusing import Refused
from deploy.fake_wechat.template_rules import RULES, check_value

KINDS = sorted(RULES)
ANY = st.text(max_size=80)
SENSIBLE = st.text(alphabet="照片没通过请重拍abcXYZ0123456789 .,!?¥元年月日:-…·\n\t👍🏽é", max_size=60)


@given(st.sampled_from(KINDS), st.one_of(ANY, SENSIBLE))
def test_what_fits_is_taken_by_wechat(kind: str, text: str):
    """Two readings of Tencent's table, written apart, agree on every text that comes out."""
    try:
        fitted = fit(kind, text)
    except NoticeUnfittable:
        return
    check_value(f"{kind}1", fitted)


@given(st.sampled_from(KINDS), st.one_of(ANY, SENSIBLE))
def test_fitting_twice_is_fitting_once(kind: str, text: str):
    """What fits stays as it is."""
    try:
        fitted = fit(kind, text)
    except NoticeUnfittable:
        return
    assert fit(kind, fitted) == fitted


@given(ANY.filter(lambda text: any(char.isalnum() for char in text)))
def test_a_reason_always_fits_into_a_thing(text: str):
    """Whatever a counsellor writes, the student gets at least the beginning of it."""
    check_value("thing1", fit("thing", text))


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_moment_fits_into_time_and_date(moment: datetime):
    """A deadline can always be told."""
    for kind in ("time", "date", "thing"):
        check_value(f"{kind}1", fit(kind, moment))


def test_a_moment_is_told_in_beijing_time():
    """The student reads the clock on the wall."""
    end = datetime(2026, 3, 15, 15, 59, 59, tzinfo=UTC)

    assert fit("time", end) == "2026年3月15日 23:59"
    assert fit("date", end) == "2026年3月15日"


@pytest.mark.parametrize(
    ("kind", "text", "fitted"),
    [
        ("thing", "左耳被头发遮住，请把头发别到耳后，面向窗户再拍一张", "左耳被头发遮住，请把头发别到耳后，面向…"),
        ("thing", "两行\n字", "两行 字"),
        ("thing", "👍" * 11, "👍" * 9 + "…"),
        ("phrase", "未通过!", "未通过"),
        ("phrase", "审核没有通过哦", "审核没有通"),
        ("name", "阿依·示例", "阿依·示例"),
        ("name", "Li Shili", "Li Shili"),
        ("character_string", "hunan-pretco 照片", "hunan-pretco"),
        ("number", "42", "42"),
    ],
)
def test_texts_are_cut_where_it_keeps_their_sense(kind: str, text: str, fitted: str):
    """Some that schools will really send."""
    assert fit(kind, text) == fitted


@pytest.mark.parametrize(
    ("kind", "text"),
    [("phrase", "OK"), ("number", "十二"), ("time", "noon"), ("thing", " \n"), ("enum", "x"), ("", "x")],
)
def test_what_cannot_be_told_is_not_made_up(kind: str, text: str):
    """A number of which a digit is missing would be a lie."""
    with pytest.raises(NoticeUnfittable):
        fit(kind, text)


def test_a_key_names_its_kind():
    """`character_string12` is a character_string; a key without a number, or of no kind, is none."""
    assert kind_of("thing1") == "thing"
    assert kind_of("character_string12") == "character_string"
    for key in ("thing", "1", "thing 1", "enum1", ""):
        with pytest.raises(NoticeUnfittable):
            kind_of(key)


def test_the_fake_quotes_the_rule():
    """Whoever breaks one is told which."""
    with pytest.raises(Refused) as refusal:
        check_value("thing2", "长" * 21)

    assert refusal.value.errcode == 47003
    assert "data.thing2.value" in refusal.value.errmsg
    assert "20个以内" in refusal.value.because
