"""Areas of carried sets: kept by symplectic methods, and by no other."""

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.ground.registry import Table
from geoflow.integrators import METHODS
from geoflow.integrators.families import explicit_rk
from geoflow.studies.hamiltonian.area import study as module

PENDULUM = {"name": "pendulum"}
SETS = {
    "steps": 4, "every": 2, "points": 128, "most_points": 4096, "tolerance": 1e-10,
    "shapes": [
        {"centre": [0.0, 1.2], "radius": 0.4},
        {"centre": [-1.0, 0.3], "radius": 0.5, "figure": "cat"},
    ],
}  # fmt: skip

area = study_of("hamiltonian/area")


@pytest.fixture(scope="module")
def study():
    """Symplectic Euler and Verlet, and a symplectic Euler that forgets to take the new momentum."""
    with pytest.MonkeyPatch.context() as patch:
        lazy = explicit_rk([[]], [1], order=1, reference="HLW")
        patch.setattr(module, "METHODS", Table("method", {**METHODS.entries, "lazy": lazy}))
        methods = ["symplectic_euler", "stormer_verlet", "lazy"]
        return area(PENDULUM, runs_of(methods, h=[0.8, 1.0, 0.4]), **SETS)


@pytest.mark.parametrize("method", ["symplectic_euler", "stormer_verlet"])
def test_symplectic_methods_keep_the_areas_of_a_disc_and_a_cat_to_round_off(study, method):
    assert study.summary[f"area_error/{method}"] < 1e-10
    assert study.summary[f"unsettled/{method}"] < 1e-10


def test_a_method_that_forgets_the_new_momentum_is_caught(study):
    assert study.summary["area_error/lazy"] > 0.1


def test_curves_are_thinned_and_areas_are_not_of_the_thinned_ones(study):
    points = study.tables["curves"].groupby(["method", "shape", "time"]).size()
    assert points.loc[:, "disc_0"].eq(128).all()
    assert len(study.tables["areas"]) == 3 * 2 * 3
    assert np.isfinite(study.tables["areas"]["area_ratio"]).all()


def test_an_area_needs_a_plane():
    with pytest.raises(InputError, match="dimension 2, 'kepler' has 4"):
        area({"name": "kepler"}, runs_of(["rk4"], h=[0.1]), **SETS)
