"""Growth of errors: the laws on series whose growth is known."""

import numpy as np
import pytest

from geoflow.analysis.growth import growth


def test_growth_is_one_for_a_bounded_error_and_ten_for_a_drift():
    t = np.linspace(0, 1, 1001)
    assert growth(np.abs(np.sin(200 * t))) == pytest.approx(1, abs=0.01)
    assert growth(t) == pytest.approx(10, rel=0.02)
