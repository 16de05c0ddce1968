"""Stability regions: what is known of R in closed form."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.theory.stability import stability_values

Z = np.array([-1.0 + 0j, -0.3 + 2j, 0.7 - 1j])

regions = study_of("convergence/regions")


@pytest.mark.parametrize(
    ("name", "R"),
    [
        ("explicit_euler", lambda z: 1 + z),
        ("rk4", lambda z: 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24),
        ("implicit_midpoint", lambda z: (1 + z / 2) / (1 - z / 2)),
    ],
)
def test_stability_functions_are_those_of_the_textbook(name, R):
    np.testing.assert_allclose(stability_values(METHODS[name], Z), R(Z), rtol=1e-13)


def test_the_disc_of_explicit_euler_has_area_pi_and_radau_is_stable_on_the_left():
    study = regions(["explicit_euler", "radau_iia_2"], [-3, 2, 3], 201)
    assert study.summary["stable/explicit_euler"] == pytest.approx(np.pi, rel=0.05)
    assert study.summary["left_half/radau_iia_2"] <= 1 + 1e-12
    assert study.summary["left_half/explicit_euler"] > 1


def test_a_splitting_has_no_stability_function():
    with pytest.raises(InputError, match="stormer_verlet"):
        regions(["stormer_verlet"], [-1, 1, 1], 3)
