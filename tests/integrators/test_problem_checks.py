"""What a problem offers is looked at once before it is integrated: sizes, kinds, finite values."""

from dataclasses import replace
from functools import wraps

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.integrators.integrate import integrate, prepare
from geoflow.integrators.problem_checks import check_problem
from geoflow.integrators.section import crossings
from geoflow.integrators.segments import Segments
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem

EQUATION = ("field", "velocity", "force", "hamiltonian")
COLLECTIONS = ("invariants", "flows", "offers")


def functions(problem):
    """(where, name, function) of all that a problem offers."""
    for name in EQUATION:
        if getattr(problem, name) is not None:
            yield name, name, getattr(problem, name)
    for collection in COLLECTIONS:
        for name, function in getattr(problem, collection).items():
            if callable(function):
                yield collection, f"{collection}[{name!r}]", function


def with_function(problem, where, name, function):
    """The problem with one of its functions exchanged."""
    if where in EQUATION:
        return replace(problem, **{where: function})
    key = name.split("'")[1]
    return replace(problem, **{where: {**getattr(problem, where), key: function}})


def changed(function, change):
    """The function with another result, under its own name and arguments."""

    @wraps(function)
    def other(**given):
        return change(function(**given))

    return other


def too_few(value):
    return value[:-1] if np.ndim(value) else (value,)


def too_many(value):
    return (*value, value[0]) if np.ndim(value) else (value, value)


def not_finite(value):
    return value * np.nan if not isinstance(value, tuple) else tuple(np.array(value) * np.inf)


def crashing(value):
    raise ZeroDivisionError("division by zero")


DEFECTS = {
    too_few: "to return .*, got ",
    too_many: "to return .*, got ",
    not_finite: "to return finite numbers at t = .*, got .*; try another y0",
    crashing: "raised ZeroDivisionError at t = .*: division by zero",
    lambda value: None: "got None; return real numbers",
    lambda value: np.asarray(value) + 0j: "return real numbers",
}
OFFERED = [(problem, *one) for problem in PROBLEMS.values() for one in functions(problem)]


@pytest.mark.parametrize(
    ("problem", "where", "name", "function"), OFFERED, ids=[f"{p.name}-{n}" for p, _, n, _ in OFFERED]
)
def test_a_defect_of_any_function_of_any_problem_is_one_sentence(problem, where, name, function):
    check_problem(problem)
    for change, message in DEFECTS.items():
        wrong = with_function(problem, where, name, changed(function, change))
        with pytest.raises(InputError, match=message) as caught:
            check_problem(wrong)
        assert f"`{name}` of problem '{problem.name}'" in str(caught.value)


def test_offered_constants_have_the_size_of_the_state():
    with pytest.raises(InputError, match=r"`offers\['poisson'\]` .* return 8 x 8 numbers .* got 2 x 2"):
        check_problem(replace(PROBLEMS["point_vortices"], offers={"poisson": np.eye(2)}))
    with pytest.raises(InputError, match=r"`offers\['frequencies'\]` .* got 1 component"):
        check_problem(replace(PROBLEMS["fput"], offers={"frequencies": (1.0,)}))


Y0, SPAN = np.array([1.0, 0.0, 0.5, 0.2]), (0.0, 1.0)
CALLS = {
    "integrate": lambda problem: integrate(problem, "rk4", h=0.1, steps=10),
    "ensemble": lambda problem: integrate_ensemble(problem, "rk4", Y0[None], h=0.1, steps=10),
    "segments": lambda problem: Segments(problem, "rk4", h=0.1),
    "section": lambda problem: crossings(problem, "rk4", Y0[None], h=0.1, count=1),
    "one step": lambda problem: one_step(METHODS["rk4"], problem),
    "one step of a formula": lambda problem: one_step(METHODS["projected_rk4"], problem),
}


def short(y):
    """An oscillator that has lost a component."""
    return y[2], y[3], -y[0]


def long(y):
    return y[2], y[3], -y[0], -y[1], 0.0


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("field", "got"), [(short, 3), (long, 5)])
def test_every_way_to_integrate_refuses_a_field_of_the_wrong_size(call, field, got):
    problem = Problem(Y0, SPAN, "test", field=field, name="oscillator")
    expected = f"`field` of problem 'oscillator' to return 4 components .*, got {got} components"
    with pytest.raises(InputError, match=expected):
        CALLS[call](problem)


def test_a_field_that_changes_its_arguments_is_refused():
    def field(y):
        y[2] *= 0.5
        return y[2], y[3], -y[0], -y[1]

    problem = Problem(Y0.copy(), SPAN, "test", field=field, name="oscillator")
    with pytest.raises(
        InputError, match=r"`field` of problem 'oscillator' raised ValueError at t = 0, y = y0: .* read-only"
    ):
        integrate(problem, "rk4", h=0.1, steps=10)
    assert np.array_equal(problem.y0, Y0)


@pytest.mark.parametrize(
    ("exact", "message"),
    [
        (lambda t: Y0[:3], "to return 4 components .* got 3 components"),
        (lambda t: 1 / 0, "raised ZeroDivisionError at t = 0"),
        (3, "raised TypeError at t = 0"),
    ],
)
def test_an_exact_solution_has_the_size_of_the_state(exact, message):
    with pytest.raises(InputError, match=f"`exact` of problem 'kepler' {message}"):
        check_problem(replace(PROBLEMS["kepler"], exact=exact))


def test_the_functions_are_evaluated_once_for_each_problem_object():
    count = []

    def energy(q, p):
        count.append(1)
        return (q[0] ** 2 + p[0] ** 2) / 2

    problem = replace(PROBLEMS["harmonic_oscillator"], invariants={"energy": energy})
    for _ in range(3):
        check_problem(problem)
    assert len(count) == 1


def positions(q):
    return (-q[0],)


def velocities(p):
    return (p[0],)


def lengthy(h, y):
    return -h * y[0], y[1], y[2]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "have a `field`, or both `velocity` and `force`, got none of them"),
        ({"velocity": velocities}, "both `velocity` and `force`, got `velocity`"),
        ({"velocity": velocities, "force": positions}, "an even number of components, .* got 3"),
        ({"field": lengthy}, "to take only t, y, q and p, got h; only flows take h"),
        ({"field": np.eye(3)}, "`field` of the problem to be a function, got array"),
        ({"field": short, "y0": [[1.0]]}, "y0 of the problem to be a vector of finite real numbers"),
        ({"field": short, "y0": [1.0, np.nan]}, "y0 of the problem to be a vector of finite"),
        (
            {"field": short, "y0": np.ma.masked_equal([1.0, 0.0, 0.0], 0.0)},
            "y0 of the problem to be a vector of finite",
        ),
        ({"field": short, "y0": np.array([1j])}, "y0 of the problem to be a vector of finite real"),
        ({"field": short, "span": (1.0, 0.0)}, "span of the problem to be two times t0 < t1"),
        ({"field": short, "span": (0.0, "1")}, "span of the problem to be two times t0 < t1, got"),
        ({"field": short, "span": 3.0}, "span of the problem to be two times t0 < t1, got 3.0"),
        ({"field": short, "invariants": 3}, "expected `invariants` of the problem to be a dict, got 3"),
    ],
)
def test_a_problem_that_is_none_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        check_problem(Problem(**{"y0": [1.0, 0.0, 0.0], "span": SPAN, "reference": "test", **given}))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"h": 10**400}, "expected a finite step size h"),
        ({"t0": 10**400}, "expected a finite time t0"),
        ({"y0": [10**400, 0, 0, 1]}, "expected 4 finite real numbers in y0"),
        ({"compensated": "no"}, "expected compensated to be True or False, got 'no'"),
        ({"invariants": "energy"}, "expected invariants to be True or False, got 'energy'"),
    ],
)
def test_a_number_without_a_float_and_a_flag_that_is_none_are_refused(given, message):
    with pytest.raises(InputError, match=message):
        integrate("kepler", "rk4", **{"h": 0.1, "steps": 1, **given})


def test_a_problem_of_nothing_is_refused():
    with pytest.raises(InputError, match="to have a `field`, or both"):
        Problem()


def test_a_field_and_halves_that_differ_are_refused():
    def field(q, p):
        return p[0], q[0]

    both = {"field": field, "velocity": velocities, "force": positions}
    with pytest.raises(InputError, match=r"to be \(velocity, force\); component 1 differs by 2"):
        check_problem(Problem(np.array([1.0, 0.0]), SPAN, "test", **both))


def test_a_field_that_loses_a_component_on_its_way_is_found_there():
    def field(t, y):
        if t > 0.35:
            return (y[1],)
        return y[1], -y[0]

    problem = Problem(np.array([1.0, 0.0]), SPAN, "test", field=field, name="forgetful")
    with (
        pytest.warns(UserWarning, match="the returns differ in their number of components"),
        pytest.raises(InputError, match=r"'forgetful' to return a value of the shape \(2,\)"),
    ):
        integrate(problem, "explicit_euler", h=0.1, steps=10)


LATER = {
    "raise an error": lambda t, y: (y[1], {}["late"]) if t > 0.35 else (y[1], -y[0]),
    "return nothing": lambda t, y: None if t > 0.35 else (y[1], -y[0]),
    "set a component": lambda t, y: y.__setitem__(0, 7.0) if t > 0.35 else (y[1], -y[0]),
    "return texts": lambda t, y: ("a", "b") if t > 0.35 else (y[1], -y[0]),
    "return complex numbers": lambda t, y: (y[1], complex(-y[0], 1.0)) if t > 0.35 else (y[1], -y[0]),
}


RUNS = {
    "integrate": lambda problem: integrate(problem, "rk4", h=0.1, steps=10),
    "prepare": lambda problem: prepare(problem, "rk4")(None, 0.1, 10),
    "ensemble": lambda problem: integrate_ensemble(problem, "rk4", [[1.0, 0.5]], h=0.1, steps=10),
    "invariant": lambda problem: integrate(with_invariant(problem), "rk4", h=0.1, steps=10),
    "force": lambda problem: integrate(with_force(problem), "stormer_verlet", h=0.1, steps=10),
}


@pytest.mark.filterwarnings("ignore:problem .* is interpreted")
@pytest.mark.parametrize("fault", LATER)
@pytest.mark.parametrize("run", RUNS)
def test_a_function_that_fails_during_the_run_is_one_sentence(fault, run):
    problem = Problem([1.0, 0.5], SPAN, "test", field=LATER[fault], name="late")
    with pytest.raises(InputError, match="problem 'late' ") as caught:
        RUNS[run](problem)
    assert "\n" not in str(caught.value)


def with_invariant(problem):
    """An oscillator whose invariant is the sum of the components of the field of `problem`."""
    return replace(problem, field=oscillator, invariants={"I": lambda t, y: np.sum(problem.field(t, y))})


def with_force(problem):
    halves = {"velocity": lambda p: (p[0], p[1]), "force": lambda t, q: problem.field(t, q)}
    return Problem([1.0, 0.5, 0.0, 0.0], SPAN, "test", name="late", **halves)


def oscillator(y):
    return y[1], -y[0]


def test_a_field_with_masked_components_is_refused():
    masked = Problem(
        [1.0, 0.5], SPAN, "test", field=lambda y: np.ma.masked_array([1.0, 2.0], mask=[1, 0]), name="masked"
    )
    with pytest.raises(InputError, match=r"`field` of problem 'masked' to return 2 components .*, got masked_array"):
        integrate(masked, "rk4", h=0.1, steps=10)
