"""Radii and intervals as a study."""

import numpy as np
import pytest

from asking import study_of

radii = study_of("contractivity/radii")


def test_radii_of_a_study_are_those_of_the_methods() -> None:
    study = radii(["rk4_38", "trapezoidal", "gauss_2"])
    assert study.summary["radius/rk4_38"] == pytest.approx(2 * np.sqrt(3) - 3)
    assert study.summary["bound/trapezoidal"] == 4
    assert study.summary["a_stable/trapezoidal"] == 1
    assert study.summary["b_stable/trapezoidal"] == 0
    assert study.summary["b_stable/gauss_2"] == 1
    assert study.summary["above_linear"] == 0
