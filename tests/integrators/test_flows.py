"""Splittings into exact flows beyond drift and kick: what each keeps, and what a method without the structure loses."""

import numpy as np
import pytest

from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.measure.defects import jacobian_of_step
from geoflow.problems import PROBLEMS


def test_the_rigid_body_splitting_keeps_the_casimir_and_bounds_the_energy():
    split = integrate("rigid_body", "strang_3", h=0.1, steps=100_000, every=100)
    assert split.drift["casimir"] < 1e-11
    energy = np.abs(split.invariants["energy"] - split.invariants["energy"][0])
    early, late = np.array_split(energy, 2)
    assert late.max() < 1.1 * early.max() < 0.01
    assert integrate("rigid_body", "rk4", h=0.1, steps=100_000).drift["casimir"] > 1e-6


def test_symplectic_euler_closes_the_orbits_of_lotka_and_volterra():
    """HLW I.1, figure 1.2: explicit Euler spirals out, symplectic Euler, a Poisson integrator, does not."""
    kept = integrate("lotka_volterra", "symplectic_euler", h=0.12, steps=20_000)
    energy = np.abs(kept.invariants["energy"] - kept.invariants["energy"][0])
    assert energy[-1000:].max() < 1.2 * energy[:1000].max()
    lost = integrate("lotka_volterra", "explicit_euler", h=0.12, steps=100)
    assert lost.drift["energy"] > 3 * energy.max()


def test_symplectic_euler_preserves_the_area_over_uv():
    """The Poisson structure u v: det J = (u_1 v_1) / (u_0 v_0) (HLW VII.4.2); explicit Euler misses it."""
    y = PROBLEMS["lotka_volterra"].y0
    for name, kept in (("symplectic_euler", True), ("strang_2", True), ("explicit_euler", False)):
        J = jacobian_of_step(PROBLEMS["lotka_volterra"], METHODS[name], y, 0.12)
        after = integrate("lotka_volterra", name, h=0.12, steps=1).final
        determinant = float(J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0])
        defect = abs(determinant - after[0] * after[1] / (y[0] * y[1]))
        assert (defect < 1e-14) == kept


@pytest.mark.parametrize(("name", "kept"), [("strang_3", True), ("lie_trotter_3", True), ("rk4", False)])
def test_the_splitting_of_the_abc_flow_keeps_volume(name, kept):
    J = jacobian_of_step(PROBLEMS["abc_flow"], METHODS[name], PROBLEMS["abc_flow"].y0, 0.5)
    assert (abs(np.linalg.det(J.astype(float)) - 1) < 1e-13) == kept


@pytest.mark.parametrize("problem", ["perturbed_kepler_split", "outer_solar_system_jacobi"])
def test_kepler_drifts_win_by_the_size_of_the_perturbation(problem):
    """SABA's error is O(eps h^(2S) + eps^2 h^2): far below that of Strang's, also with Kepler drifts."""
    h, steps = (0.1, 2000) if problem == "perturbed_kepler_split" else (200.0, 500)
    errors = {}
    for name in ("strang_2", "saba_2", "saba_4"):
        run = integrate(problem, name, h=h, steps=steps)
        errors[name] = run.drift["energy"] / abs(run.invariants["energy"][0])
    assert errors["saba_2"] < errors["strang_2"] / 10
    assert errors["saba_4"] < errors["strang_2"] / 100


def test_a_kepler_drift_allows_steps_that_a_plain_drift_does_not():
    plain = integrate("outer_solar_system", "stormer_verlet", h=200.0, steps=500)
    drifting = integrate("outer_solar_system_jacobi", "saba_2", h=200.0, steps=500)
    relative = [run.drift["energy"] / abs(run.invariants["energy"][0]) for run in (plain, drifting)]
    assert relative[1] < relative[0] / 1000
