"""Counts: intervals of fractions, and the largest of many Poisson counts."""

import numpy as np
import pytest
from scipy.stats import binom

from geoflow.ground.errors import InputError
from geoflow.measure.counts import clopper_pearson, largest_poisson_count


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


@pytest.mark.parametrize(("mean", "number"), [(0.5, 10), (30.0, 1), (30.0, 1000), (400.0, 300)])
def test_the_largest_poisson_count_is_that_of_a_simulation(mean: float, number: int) -> None:
    largest = np.random.default_rng(0).poisson(mean, (2000, number)).max(axis=1)
    error = largest.std() / np.sqrt(len(largest))
    assert largest_poisson_count(mean, number) == pytest.approx(largest.mean(), abs=4 * error)
