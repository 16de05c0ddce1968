"""Areas that are carried along: worked numbers, and a method without the structure that must fail."""

import numpy as np
import pytest

from geoflow.analysis.area import area, polygon_area
from geoflow.errors import InputError


def test_only_symplectic_methods_keep_the_area_of_a_disc():
    study = area(
        {"name": "pendulum"},
        ["explicit_euler", "stormer_verlet"],
        h=0.4, steps=8, every=4, centre=[0, 1.2], radius=0.6, points=400,
    )  # fmt: skip
    assert study.summary["area_error/stormer_verlet"] < 1e-4
    assert study.summary["area_error/explicit_euler"] > 0.1
    assert len(study.tables["outlines"]) == 2 * 3 * 400


def test_the_area_of_a_polygon_by_hand():
    assert polygon_area(np.array([[0, 0], [2, 0], [2, 1], [0, 1]])) == 2
    assert polygon_area(np.array([[0, 0], [0, 1], [2, 1], [2, 0]])) == -2


def test_an_area_needs_a_plane():
    with pytest.raises(InputError, match="dimension 2, 'kepler' has 4"):
        area({"name": "kepler"}, ["rk4"], 0.1, 1, 1, [0, 0], 1.0, 10)
