"""Percentiles by two shorter ways are numpy's percentiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photo_service.checks.skin import percentile, percentiles

samples = arrays(np.float32, st.integers(1, 60), elements=st.floats(-100, 100, width=32))


@given(values=samples, percent=st.floats(0, 100))
def test_one_percentile_is_the_same_whether_the_others_are_sorted_or_not(values: np.ndarray, percent: float):
    (sorted_way,) = percentiles(values, percent)

    assert percentile(values, percent) == sorted_way
    assert sorted_way == pytest.approx(float(np.percentile(values.astype(np.float64), percent)), abs=1e-3)
