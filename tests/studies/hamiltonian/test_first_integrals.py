"""First integrals beside symplecticity: one does not buy the other, and a broken method buys neither."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.ground.registry import Table
from geoflow.integrators import METHODS
from geoflow.integrators.families.formula import implicit_formula
from geoflow.studies.hamiltonian.first_integrals import study as module
from geoflow.studies.hamiltonian.first_integrals.study import circle, loop_action

SMALL = {
    "h": 0.05, "steps": 2000, "every": 10, "loop_radius": 1e-4, "loop_points": 16, "loop_steps": 80,
}  # fmt: skip

first_integrals = study_of("hamiltonian/first_integrals")


@pytest.fixture(scope="module")
def kept():
    """Henon-Heiles by a symplectic method, two that keep the energy, one that keeps nothing and one that is broken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "METHODS", Table("method", {**METHODS.entries, "careless": careless}))
        methods = ["rk4", "gauss_2", "hbvm_2_1", "gonzalez", "careless"]
        return first_integrals({"name": "henon_heiles"}, methods, **SMALL)


def half_corrected(t, y, z, h, eps, *, gradient, hamiltonian, poisson):
    """Gonzalez's discrete gradient with half of its correction."""
    middle, move = (y + z) / 2, z - y
    g = gradient(t, middle)
    length = move @ move
    if length > 0:
        missing = hamiltonian(t, z) - hamiltonian(t, y) - g @ move
        g = g + 0.5 * (missing / length) * move
    return h * (poisson(t, middle) @ g)


careless = implicit_formula(half_corrected, order=2, reference="Gonzalez1996")


@pytest.mark.parametrize("method", ["hbvm_2_1", "gonzalez"])
def test_methods_that_keep_the_energy_are_not_symplectic(kept, method):
    assert kept.summary[f"energy_error/{method}"] < 1e-12
    assert kept.summary[f"symplecticity/{method}"] > 1e-8
    assert kept.summary[f"loop/{method}"] > 1e-6


def test_a_symplectic_method_does_not_keep_the_energy(kept):
    assert kept.summary["symplecticity/gauss_2"] < 1e-12
    assert kept.summary["loop/gauss_2"] < 1e-9
    assert kept.summary["energy_error/gauss_2"] > 1e-10


def test_rk4_keeps_neither(kept):
    assert kept.summary["energy_growth/rk4"] > 5
    assert kept.summary["symplecticity/rk4"] > 1e-10
    assert kept.summary["loop/rk4"] > 1e-8


def test_a_discrete_gradient_without_half_of_its_correction_is_caught(kept):
    assert kept.summary["energy_error/careless"] > 1e-8
    assert kept.summary["keeps_energy"] == 2
    assert kept.summary["keeps_form"] == 1
    assert kept.summary["keeps_both"] == 0


def test_the_action_of_a_circle_is_its_area_and_two_planes_add_up():
    states = circle(np.array([1.0, 2.0, 3.0, 4.0]), 0.5, 16)
    assert loop_action(states) == pytest.approx(np.pi * 0.25, rel=1e-13)
    both = states.copy()
    both[:, 1], both[:, 3] = 2 + 2 * (states[:, 0] - 1), 4 + 3 * (states[:, 2] - 3)
    assert loop_action(both) == pytest.approx(7 * np.pi * 0.25, rel=1e-13)


def test_a_problem_without_canonical_form_is_refused():
    with pytest.raises(InputError, match="got problem 'rigid_body'; try 'kepler'"):
        first_integrals({"name": "rigid_body"}, ["rk4"], **SMALL)
