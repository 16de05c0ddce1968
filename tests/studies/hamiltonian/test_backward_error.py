"""Modified Hamiltonians: by hand, in closed form, and conserved by the method whose they are."""

import math
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import mpmath
import numpy as np
import pytest
import yaml

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, Splitting
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS
from geoflow.theory.modified_hamiltonian import hamiltonian_series, truncated
from geoflow.theory.poisson import ALGEBRAS, combine, multiply

CONFIG = Path(__file__).parents[3] / "config" / "experiment" / "hamiltonian"

modified_hamiltonian = study_of("hamiltonian/modified_hamiltonian")


def series(problem: str, method: str, terms: int):
    splitting = METHODS[method]
    assert isinstance(splitting, Splitting)
    return hamiltonian_series(splitting, ALGEBRAS[problem], terms)


def test_the_first_terms_of_the_pendulum_are_those_of_the_textbook():
    """HLW IX.3: symplectic Euler -h H_q H_p / 2, Verlet h^2 (p^2 U'' / 12 - U'^2 / 24)."""
    assert series("pendulum", "symplectic_euler", 2)[1] == {(1, 0, 1): Fraction(-1, 2)}
    assert series("pendulum", "stormer_verlet", 3)[2] == {
        (2, 1, 0): Fraction(1, 12),  # p^2 cos q
        (0, 0, 0): Fraction(-1, 24), (0, 2, 0): Fraction(1, 24),  # -sin^2 q
    }  # fmt: skip


@pytest.mark.parametrize("problem", list(ALGEBRAS))
def test_a_symmetric_method_has_even_powers_of_h_alone(problem):
    verlet, euler = series(problem, "stormer_verlet", 9), series(problem, "symplectic_euler", 9)
    assert not any(verlet[1::2]) and all(verlet[::2])
    assert all(euler)


def test_the_adjoint_has_the_signs_of_h_reversed():
    one = series("kepler", "symplectic_euler", 6)
    other = series("kepler", "symplectic_euler_adjoint", 6)
    for k, (f, g) in enumerate(zip(one, other, strict=True)):
        assert f == {exponents: (-1) ** k * x for exponents, x in g.items()}


def test_the_modified_oscillator_in_closed_form():
    """Verlet conserves p^2 + (1 - h^2/4) q^2 and turns with frequency (2/h) arcsin(h/2)."""
    h = 0.5
    total = combine(*((h**k, f) for k, f in enumerate(series("harmonic_oscillator", "stormer_verlet", 25))))
    alpha, beta = 2 * total[2, 0], 2 * total[0, 2]
    assert set(total) == {(2, 0), (0, 2)}
    assert beta / alpha == pytest.approx(1 - h * h / 4, abs=1e-14)
    assert math.sqrt(alpha * beta) == pytest.approx(2 / h * math.asin(h / 2), abs=1e-14)


@pytest.mark.parametrize("problem", list(ALGEBRAS))
def test_brackets_satisfy_jacobi(problem):
    algebra = ALGEBRAS[problem]
    T, U = algebra.kinetic, algebra.potential
    mixed = algebra.bracket(T, U)
    functions = [T, multiply(U, U), mixed, multiply(T, mixed)]
    for f, g, k in combinations(functions, 3):
        assert algebra.bracket(f, g) == {a: -x for a, x in algebra.bracket(g, f).items()}
        around = [(f, g, k), (g, k, f), (k, f, g)]
        cycle = [(1, algebra.bracket(a, algebra.bracket(b, c))) for a, b, c in around]
        assert algebra.reduce(combine(*cycle)) == {} or not any(algebra.reduce(combine(*cycle)).values())


@pytest.mark.parametrize("problem", list(ALGEBRAS))
def test_brackets_are_the_canonical_ones(problem):
    """Against central differences of T, U and {T, U} in q and p."""
    algebra, d = ALGEBRAS[problem], PROBLEMS[problem].dimension
    y = np.random.default_rng(1).uniform(0.5, 1, d)
    f, g = algebra.bracket(algebra.kinetic, algebra.potential), algebra.potential
    shifts = 1e-5 * np.concatenate([np.eye(d), -np.eye(d)], axis=1)

    def gradient(k):
        values = algebra.evaluate(k, y[:, None] + shifts)
        return (values[:d] - values[d:]) / 2e-5

    (f_q, f_p), (g_q, g_p) = (np.split(gradient(k), 2) for k in (f, g))
    found = algebra.evaluate(algebra.bracket(f, g), y[:, None])[0]
    assert found == pytest.approx(f_q @ g_p - f_p @ g_q, rel=1e-7)


@pytest.mark.parametrize("problem", list(ALGEBRAS))
def test_the_energy_of_the_algebra_is_that_of_the_problem(problem):
    algebra, made = ALGEBRAS[problem], PROBLEMS[problem]
    energy = algebra.evaluate({**algebra.kinetic, **algebra.potential}, made.y0[:, None])
    assert energy[0] == pytest.approx(made.evaluate(made.hamiltonian, 0.0, made.y0))


def test_one_step_changes_the_truncation_by_a_power_of_h():
    """H_[N] is conserved to h^(N+1) in a step, by the method whose it is and by no other."""
    H = series("kepler", "stormer_verlet", 8)
    steps = np.array([0.04, 0.02])
    change = {}
    for name in ("stormer_verlet", "stormer_verlet_position"):
        for h in steps:
            y = integrate(PROBLEMS["kepler"], name, h=h, steps=40, invariants=False).y.T
            values = truncated(ALGEBRAS["kepler"], H, [4, 8], y, h)
            change[name, h] = np.abs(np.diff(values, axis=1)).max(axis=1)
    halved = {m: np.log2(change[m, 0.04] / change[m, 0.02]) for m, _ in change}
    assert halved["stormer_verlet"] == pytest.approx([5, 9], abs=0.6)
    assert halved["stormer_verlet_position"] == pytest.approx([3, 3], abs=0.6)


def test_irrational_coefficients_and_unknown_problems_are_refused_with_a_remedy():
    with pytest.raises(InputError, match="'yoshida_4' are not; try 'stormer_verlet'"):
        series("pendulum", "yoshida_4", 3)
    with pytest.raises(InputError, match="unknown Poisson algebra 'henon_heiles'"):
        ALGEBRAS["henon_heiles"]


def small(**changes):
    values = {
        "problem": {"name": "pendulum"}, "runs": [{"method": "stormer_verlet", "terms": 8}],
        "h": [0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02], "time": 30, "samples": 500,
        "mistaken": {"method": "stormer_verlet", "hamiltonian_of": "stormer_verlet_position"}, "controls": ["rk4"],
        "drift_h": 0.3, "drift_time": 1000, "singularity": 1.8,
    }  # fmt: skip
    return modified_hamiltonian(**{**values, **changes})


def test_the_study_tells_a_modified_hamiltonian_from_the_energy_and_from_a_wrong_one():
    study = small()
    summary = study.summary
    for N in (2, 4, 6, 8):
        assert summary[f"slope/stormer_verlet/{N}"] == pytest.approx(N, abs=0.25)
    assert summary["slope_gap"] < 0.25
    assert summary["slope/mistaken/6"] == pytest.approx(2, abs=0.2)
    assert summary["growth/stormer_verlet/8"] < 1.2
    assert summary["growth/rk4"] > 5
    assert summary["gain/stormer_verlet"] > 1000
    assert set(study.tables["drift"]["method"]) == {"stormer_verlet", "rk4"}


def test_the_study_refuses_what_has_no_modified_hamiltonian():
    with pytest.raises(InputError, match="expected a splitting for the modified Hamiltonian, got 'rk4'"):
        small(runs=[{"method": "rk4", "terms": 8}])


def test_the_singularities_in_the_experiments_are_those_of_the_exact_solutions():
    """Pendulum: cn has poles at i K(1 - m); Kepler: dt = (1 - e cos E) dE vanishes."""
    values = {
        name: yaml.safe_load((CONFIG / f"backward_error_{name}.yaml").read_text())["study"]
        for name in ("pendulum", "kepler")
    }
    m, e = ((PROBLEMS["pendulum"].parameters["momentum"] / 2) ** 2, values["kepler"]["problem"]["eccentricity"])
    assert values["pendulum"]["singularity"] == pytest.approx(float(mpmath.ellipk(1 - m)), rel=1e-4)
    distance = math.acosh(1 / e) - math.sqrt(1 - e * e)
    assert values["kepler"]["singularity"] == pytest.approx(distance, rel=1e-4)
