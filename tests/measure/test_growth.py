"""Growth of errors: the laws on series whose growth is known."""

import numpy as np
import pytest

from geoflow.measure.growth import exponent, growth


def test_growth_is_one_for_a_bounded_error_and_ten_for_a_drift():
    t = np.linspace(0, 1, 1001)
    assert growth(np.abs(np.sin(200 * t))) == pytest.approx(1, abs=0.01)
    assert growth(t) == pytest.approx(10, rel=0.02)


def test_exponents_of_powers_of_walks_and_of_bounded_errors():
    t = np.geomspace(1, 1e4, 200)
    for r in (0.5, 1, 2):
        assert exponent(t, 1e-9 * t**r, after=10, below=1) == pytest.approx(r)
    assert exponent(t, np.abs(np.sin(t)), after=100, below=2) == pytest.approx(0, abs=0.01)
    saturated = np.minimum(1e-3 * t, 1)
    assert exponent(t, saturated, after=10, below=0.9) == pytest.approx(1)
    assert np.isnan(exponent(t, saturated, after=1e4, below=0.9))


def test_the_exponent_of_a_drift_is_found_below_an_oscillation():
    t = np.linspace(0, 1000, 20_001)[1:]
    wave = np.abs(np.sin(7 * t))
    assert exponent(t, wave, after=10, below=np.inf) == pytest.approx(0, abs=0.02)
    assert exponent(t, t * wave, after=10, below=np.inf) == pytest.approx(1, abs=0.02)
    assert exponent(t, t**2 * (1 + wave), after=10, below=np.inf) == pytest.approx(2, abs=0.02)
