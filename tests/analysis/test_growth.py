"""Growth of errors: the laws on series whose growth is known."""

import numpy as np
import pytest

from geoflow.analysis.growth import drift_exponent, growth


def test_growth_is_one_for_a_bounded_error_and_ten_for_a_drift():
    t = np.linspace(0, 1, 1001)
    assert growth(np.abs(np.sin(200 * t))) == pytest.approx(1, abs=0.01)
    assert growth(t) == pytest.approx(10, rel=0.02)


def test_the_exponent_of_a_drift_is_found_below_an_oscillation():
    t = np.linspace(0, 1000, 20_001)[1:]
    wave = np.abs(np.sin(7 * t))
    assert drift_exponent(t, wave) == pytest.approx(0, abs=0.02)
    assert drift_exponent(t, t * wave) == pytest.approx(1, abs=0.02)
    assert drift_exponent(t, t**2 * (1 + wave)) == pytest.approx(2, abs=0.02)
