"""One wrong sign, factor or function of a problem is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from geoflow.check import check_entry
from geoflow.check.problems import check_problem
from geoflow.ground.errors import InputError
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.elementary import cos, exp, sin, sqrt
from geoflow.problems.problem import textbook


def slip(name, **changes):
    """The problem with some of its functions replaced, those in mappings by their names."""
    problem = PROBLEMS[name]
    for key in ("invariants", "flows", "offers"):
        if key in changes:
            changes[key] = {**getattr(problem, key), **changes[key]}
    return replace(problem, **changes)


def kepler_force(q):
    r2 = q[0] ** 2 + q[1] ** 2
    return -q[0] / (r2 * sqrt(r2)), q[1] / (r2 * sqrt(r2))


def henon_heiles_force(q):
    return -q[0] - 2 * q[0] * q[1], -q[1] - q[0] ** 2 - q[1] ** 2


def henon_heiles_hamiltonian(q, p):
    return (p[0] ** 2 + p[1] ** 2 + q[0] ** 2 + q[1] ** 2) / 2 + q[0] ** 2 * q[1] - q[1] ** 3 / 2


def kepler_hamiltonian(q, p):
    return (p[0] ** 2 + p[1] ** 2) / 2 + 1 / sqrt(q[0] ** 2 + q[1] ** 2)


def double_pendulum_field(q, p):
    f = PROBLEMS["double_pendulum"].field(q, p)
    return f[0], f[1], f[2], f[3] + 0.1 * sin(q[1])


def kepler_exact(t):
    return PROBLEMS["kepler"].exact(t) * np.array([1, 1, 1, -1])


def oscillator_exact(t):
    return np.array([np.cos(2 * t), -np.sin(2 * t)])


def late_exact(t):
    return np.array([np.cos(t + 0.1), -np.sin(t + 0.1)])


def toda_momentum(q, p):
    return p[0] + p[1] - p[2]


def rigid_energy(y):
    return y[0] ** 2 / 4 + y[1] ** 2 / 2 + y[2] ** 2 / 2


def about_2(h, y):  # the sign of one sine
    c, s = cos(h * y[1]), sin(h * y[1])
    return c * y[0] - s * y[2], y[1], c * y[2] - s * y[0]


def about_1(h, y):  # half the speed
    c, s = cos(h * y[0] / 4), sin(h * y[0] / 4)
    return y[0], c * y[1] + s * y[2], c * y[2] - s * y[1]


def grow_u(h, y):
    return y[0] * (1 + h * (y[1] - 2)), y[1]  # Euler's step is no flow


def drifting_u(h, y):
    return y[0] * exp(h * (y[1] - 2)) + 0.1, y[1]


def poisson(y):
    return (0, -y[0] * y[1]), (-y[0] * y[1], 0)


def lotka_gradient(y):
    return 1 / y[0] - 1, 1 / y[1] - 1


def rotation(y):
    return y[0] / 2, -y[1], -1.5 * y[2]


def magnetic_field(q):
    return 0.0, 0.0, -sqrt(q[0] ** 2 + q[1] ** 2)


def density(y):
    r = sqrt(y[0] ** 2 + y[1] ** 2) / 0.2
    return 1 / r


def one_component(y):
    return (y[1],)


def nan_force(q):
    return (np.nan * q[0],)


def name_error(q):
    return (undefined * q[0],)  # type: ignore[name-defined]  # noqa: F821


MISTYPED = [
    (slip("kepler", force=kepler_force),
     "the force is not -dU/dq: component 1 differs by", "(the sign is wrong)", "most probably the force is wrong"),
    (slip("pendulum", force=lambda q: (-2 * sin(q[0]),)),
     "the force is not -dU/dq: component 0", "(it is 2 of what it should be, everywhere)"),
    (slip("henon_heiles", force=henon_heiles_force), "the force is not -dU/dq: component 1 differs by 0.18 at y0"),
    (slip("henon_heiles", hamiltonian=henon_heiles_hamiltonian), "the force is not -dU/dq: component 1"),
    (slip("kepler", hamiltonian=kepler_hamiltonian), "most probably the Hamiltonian is wrong, because the exact"),
    (slip("harmonic_oscillator", velocity=lambda p: (-p[0],)), "the velocity is not dT/dp: component 0", "sign is"),
    (slip("double_pendulum", field=double_pendulum_field), "the p' of the field is not -dH/dq: component 1"),
    (slip("kepler", exact=kepler_exact), "the exact solution does not start at y0: component 3"),
    (slip("harmonic_oscillator", exact=oscillator_exact), "the exact solution does not satisfy the equation"),
    (slip("harmonic_oscillator", exact=late_exact), "the exact solution does not start at y0: component"),
    (slip("toda", invariants={"momentum": toda_momentum}), "the invariant 'momentum' is not constant along the field"),
    (slip("rigid_body", invariants={"energy": rigid_energy}), "the invariant 'energy' is not constant along the field"),
    (slip("rigid_body", flows={"B": about_2}), "the flow B is not a flow"),
    (slip("rigid_body", flows={"A": about_1}), "the flows do not add up to the field"),
    (slip("lotka_volterra", flows={"A": grow_u}), "the flow A is not a flow"),
    (slip("lotka_volterra", flows={"A": drifting_u}), "the flow A over h = 0 is not the identity: component 0"),
    (slip("lotka_volterra", offers={"poisson": poisson}), "the poisson does not fit B = -B^T: entry [0][1]"),
    (slip("lotka_volterra", offers={"gradient": lotka_gradient}),
     "the gradient does not fit gradient = grad H: component 1"),
    (slip("rigid_body", offers={"rotation": rotation}), "the rotation does not fit a x y = f: component"),
    (slip("charged_particle", offers={"magnetic_field": magnetic_field}),
     "the electric_field and magnetic_field does not fit (v, E + v x B) = f: component 4"),
    (slip("fput", offers={"frequencies": (0.0,) * 3 + (49.0,) * 3}),
     "the frequencies and slow_force does not fit g - omega^2 q = p': component 3"),
    (slip("kepler_with_clock", offers={"density": density}), "the density does not fit rho' = (d/dt) density(y)"),
    (slip("pendulum", offers={"quadratic": True}), "the quadratic does not fit f + D^3 f = f: component 1"),
    (slip("gylden_with_clock", offers={"time": 3}), "the time does not fit clock' > 0: component 3"),
    (slip("rigid_body", field=one_component), "`field` of problem 'rigid_body' to return 3 components", "got 1"),
    (slip("pendulum", force=nan_force), "`force` of problem 'pendulum' to return finite numbers", "got [nan]"),
    (slip("pendulum", force=name_error), "`force` of problem 'pendulum' raised NameError at t = 0, y = y0"),
    (slip("pendulum", force=lambda x: (x[0],)), "a problem's function may take t, y, q and p by name"),
    (slip("pendulum", hamiltonian=lambda q, p: (p[0] ** 2 / 2, -cos(q[0]))),
     "`hamiltonian` of problem 'pendulum' to return one number at t = 0, y = y0, got 2"),
    (slip("pendulum", y0=np.array([0.0, 1.5, 1.0])), "y0 of problem 'pendulum' to have an even number"),
]  # fmt: skip


@pytest.mark.parametrize("case", MISTYPED, ids=[case[1] for case in MISTYPED])
def test_what_is_wrong_is_named_with_its_component(case):
    problem, *words = case
    said = "\n".join(row.wrong for row in check_problem(problem) if row.wrong)
    assert all(word in said for word in words), said


def test_a_field_that_blows_up_within_its_span_is_named_with_the_time():
    def field(y):
        return (y[0] ** 2,)

    rows = check_problem(Problem(np.array([1.0]), (0.0, 2.0), "HLW", field=field))
    (said,) = [row.wrong for row in rows if row.wrong]
    assert said.startswith("the solution does not reach the end of its span 0 to 2: DOP853 stops at t = 1")


def test_states_outside_of_the_domain_of_the_field_are_left_out():
    """y' = -sqrt(y) / 2 near y = 0 in one component: half of the states near y0 have no field."""

    def field(y):
        return -sqrt(y[0]) / 2, 0 * y[1]

    rows = check_entry("problems", Problem(np.array([0.0, 1.0]), (0.0, 1.0), "HLW", field=field))
    assert not [row.wrong for row in rows if row.wrong]


def test_an_entry_that_fails_only_later_gets_a_sentence():
    def exact(t):
        return PROBLEMS["pendulum"].y0 if t == 0 else np.zeros(3)

    (row,) = check_entry("problems", replace(PROBLEMS["pendulum"], exact=exact))
    assert row.wrong.startswith("the check could not be finished: expected the functions of problem")


def test_functions_that_take_no_columns_and_no_complex_numbers_are_checked_too():
    """A kinked force, written with `if` and abs: the differences of its Hamiltonian are compared."""

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + (q[0] ** 2 if q[0] > 0 else q[0] ** 2 / 2) + abs(p[0]) * 0

    def velocity(p):
        return (p[0],)

    def force(q):
        return (-2 * q[0] if q[0] > 0 else -q[0],)

    given = {"velocity": velocity, "force": force, "hamiltonian": hamiltonian}
    kinked = Problem(np.array([0.7, 0.3]), (0.0, 1.0), "HLW", invariants={"energy": hamiltonian}, **given)
    assert not [row.wrong for row in check_problem(kinked) if row.wrong]
    wrong = replace(kinked, force=lambda q: (-3 * q[0] if q[0] > 0 else -q[0],))
    assert "component 0 differs by 0.7 at y0" in " ".join(row.wrong for row in check_problem(wrong))


@textbook
def spring(stiffness: float = 1.0, mass: float = 1.0) -> Problem:
    """H = p^2 / (2 mass) + stiffness q^2 / 2, with two mistakes that mass = 1 and stiffness = 1 hide."""

    def hamiltonian(q, p):
        return p[0] ** 2 / (2 * mass) + stiffness * q[0] ** 2 / 2

    return Problem(
        np.array([1.0, 0.3]), (0.0, 1.0), "HLW", velocity=lambda p: (p[0] * mass,), hamiltonian=hamiltonian,
        force=lambda q: (-(stiffness**2) * q[0],),
    )  # fmt: skip


def test_mistakes_that_the_default_parameters_hide_are_found_at_other_ones():
    said = [row.wrong for row in check_entry("problems", spring()) if row.wrong]
    assert len(said) == 2
    assert said[0].startswith("the velocity is not dT/dp: component 0") and said[1].startswith("the force is not -dU")
    assert all("with stiffness = 1.03, mass = 1.05" in one for one in said)


def test_parameters_that_a_problem_refuses_are_left_out():
    @textbook
    def unit(speed: float = 1.0) -> Problem:
        if speed != 1:
            raise InputError("only speed 1 is known.")
        return Problem(np.array([1.0]), (0.0, 1.0), "HLW", field=lambda y: (-y[0],))

    assert not [row.wrong for row in check_entry("problems", unit()) if row.wrong]
