"""A birthplace is a county that exists, or existed, in that city and province."""

import pytest

from api.domain.regions import ELSEWHERE, children, first_unknown


@pytest.mark.parametrize(
    ("place", "unknown"),
    [
        (("湖南省", "株洲市", "攸县"), None),
        (("重庆市", "重庆市", "永川区"), None),
        (("重庆市", "市辖区", "永川市"), None),  # until 2006
        (("湖北省", "仙桃市", "仙桃市"), None),  # governed by the province itself
        (("湖北省", "省直辖县级行政区划", "仙桃市"), None),
        (("广东省", "东莞市", "东莞市"), None),  # a city without counties
        (("境外", "London", "Camden"), None),
        (("香港特别行政区", "香港", "湾仔"), None),
        (("湖南", "株洲市", "攸县"), 0),
        (("湖南省", "永川市", "攸县"), 1),
        (("湖南省", "株洲市", "永川区"), 2),
        (("广东省", "东莞市", "攸县"), 2),
    ],
)
def test_a_place_is_one_within_the_other(place: tuple[str, str, str], unknown: int | None):
    """And the first name that does not fit is the one that is told."""
    assert first_unknown(*place) == unknown


def test_every_place_that_can_be_chosen_is_a_place_that_is_taken():
    """Province, city, county down every branch: what we offer we accept."""
    count = 0
    for province in children(None):
        if province.name in ELSEWHERE:
            continue
        for city in children(province.code):
            counties = children(city.code)
            for county in counties or (city,):
                assert first_unknown(province.name, city.name, county.name) is None, (province, city, county)
                count += 1

    assert count > 2_700


def test_what_is_no_code_has_nothing_under_it():
    """Letters, five digits, a county."""
    assert [children(code) for code in ("x", "43000", "430223", "990000")] == [()] * 4
