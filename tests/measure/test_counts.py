"""Confidence intervals of fractions."""

import pytest
from scipy.stats import binom

from geoflow.ground.errors import InputError
from geoflow.measure.counts import clopper_pearson


@pytest.mark.parametrize(("correct", "images"), [(0, 20), (7, 20), (20, 20), (361, 400)])
def test_clopper_pearson_ends_have_the_stated_tails(correct: int, images: int) -> None:
    low, high = clopper_pearson(correct, images)
    assert low <= correct / images <= high
    if correct > 0:
        assert binom.sf(correct - 1, images, low) == pytest.approx(0.025)
    if correct < images:
        assert binom.cdf(correct, images, high) == pytest.approx(0.025)


def test_a_fraction_of_no_trials_is_refused():
    with pytest.raises(InputError, match="trials >= 1, got 0 of 0"):
        clopper_pearson(0, 0)
