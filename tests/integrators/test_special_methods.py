"""What the methods for special fields promise: projections, Kahan, Boris, trigonometric, Lie group, variable steps."""

import mpmath
import numpy as np
import pytest
from examples import particle
from test_formulas import exact_floats

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.formulas.projections import projection
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem


@pytest.mark.parametrize("method", ["projected_explicit_euler", "projected_rk4", "symmetrically_projected_trapezoidal"])
def test_projected_methods_keep_every_invariant_to_round_off(method):
    for problem in (PROBLEMS["kepler"], PROBLEMS["rigid_body"]):
        phi, y = one_step(METHODS[method], problem), problem.y0
        for _ in range(100):
            y = phi(0.0, y, 0.02)
        for I in problem.invariants.values():
            assert abs(problem.evaluate(I, 0.0, y) - problem.evaluate(I, 0.0, problem.y0)) <= 1e-13


def test_a_projection_onto_one_invariant_leaves_the_others():
    method = projection(METHODS["rk4"], invariants=("angular_momentum",))
    run = integrate("kepler", method, h=0.05, steps=200)
    assert run.drift["angular_momentum"] <= 1e-13 and run.drift["energy"] > 1e-8
    with pytest.raises(InputError, match="needs the invariants to project onto"):
        integrate("rigid_body", method, h=0.05, steps=1)
    with pytest.raises(InputError, match="expected a method with coefficients to project, got 'kahan'"):
        projection(METHODS["kahan"])


def test_a_splitting_is_projected_like_a_tableau():
    run = integrate("kepler", projection(METHODS["stormer_verlet"]), h=0.05, steps=200)
    assert max(run.drift.values()) <= 1e-13
    assert integrate("kepler", "stormer_verlet", h=0.05, steps=200).drift["energy"] > 1e-4


def jacobian(problem, method, y, h):
    """d phi_h / d y by central differences with 40 digits."""
    with mpmath.workdps(40):
        phi, eps, columns = one_step(METHODS[method], problem), mpmath.mpf(10) ** -13, []
        for k in range(len(y)):
            ends = []
            for sign in (1, -1):
                start = exact_floats(y)
                start[k] += sign * eps
                ends.append(phi(mpmath.mpf(0), start, mpmath.mpf(h)))
            columns.append((ends[0] - ends[1]) / (2 * eps))
        return mpmath.matrix(np.array(columns, dtype=object).T.tolist())


def volume_defect(problem, method, y, h=0.3):
    with mpmath.workdps(40):
        return float(abs(mpmath.det(jacobian(problem, method, y, h)) - 1))


def symplecticity_defect(problem, method, y, h=0.25):
    with mpmath.workdps(40):
        J = jacobian(problem, method, y, h)
        n = len(y) // 2
        W = mpmath.matrix(np.kron([[0, 1], [-1, 0]], np.eye(n, dtype=int)).tolist())
        return float(max(abs(x) for x in J.T * W * J - W))


def test_boris_keeps_the_volume_of_phase_space():
    y = np.array([0.3, -0.2, 0.4, 0.5, 0.1, -0.3])
    assert volume_defect(particle(), "boris", y) < 1e-20
    assert volume_defect(particle(), "rk4", y) > 1e-8


def magnet():
    """B = (0, x1, 1 + x2^2), no electric field."""

    def magnetic_field(q):
        return 0.0, q[0], 1 + q[1] ** 2

    def electric_field(q):
        return 0.0, 0.0, 0.0

    def field(q, p):
        b1, b2 = q[0], 1 + q[1] ** 2
        return p[0], p[1], p[2], p[1] * b2 - p[2] * b1, -p[0] * b2, p[0] * b1

    def speed(p):
        return p[0] ** 2 + p[1] ** 2 + p[2] ** 2

    return Problem(
        y0=np.array([0.3, -0.2, 0.4, 0.5, 0.1, -0.3]),
        span=(0.0, 1.0),
        reference="test",
        field=field,
        invariants={"speed": speed},
        offers={"magnetic_field": magnetic_field, "electric_field": electric_field},
        name="magnet",
    )


def test_boris_keeps_the_speed_in_a_magnetic_field():
    assert integrate(magnet(), "boris", h=0.5, steps=1000).drift["speed"] <= 1e-13
    assert integrate(magnet(), "rk4", h=0.5, steps=1000).drift["speed"] > 1e-3


TRIGONOMETRIC = (
    "gautschi", "deuflhard", "garcia_archilla", "hochbruck_lubich", "hairer_lubich", "grimm_hochbruck",
)  # fmt: skip


def test_trigonometric_methods_are_exact_without_the_slow_force():
    m, omega, h = 2, 7.0, 3.0

    def velocity(p):
        return p[0], p[1], p[2], p[3]

    def force(q):
        return 0.0, 0.0, -(omega**2) * q[2], -(omega**2) * q[3]

    def slow_force(q):
        return 0.0, 0.0, 0.0, 0.0

    y0 = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    problem = Problem(
        y0, (0.0, 1.0), "test", velocity=velocity, force=force, name="free",
        offers={"frequencies": (0.0,) * m + (omega,) * m, "slow_force": slow_force},
    )  # fmt: skip
    q, p, c, s = y0[:4], y0[4:], np.cos(h * omega), np.sin(h * omega)
    exact = [*(q[:2] + h * p[:2]), *(c * q[2:] + s / omega * p[2:]), *p[:2]]
    exact += [*(-omega * s * q[2:] + c * p[2:])]
    for method in TRIGONOMETRIC:
        y = one_step(METHODS[method], problem)(0.0, y0, h)
        assert y == pytest.approx(exact, abs=1e-14)


def test_trigonometric_methods_are_symplectic_when_psi_is_sinc_phi():
    problem = PROBLEMS["fput"](m=1, omega=5.0)
    y = np.array([0.5, 0.2, 0.3, 0.4])
    for method in (*TRIGONOMETRIC, "imex"):
        defect = symplecticity_defect(problem, method, y)
        if method in ("deuflhard", "garcia_archilla", "imex"):
            assert defect < 1e-20, method
        else:
            assert defect > 1e-5, method


def test_the_implicit_explicit_method_solves_the_midpoint_rule_for_the_stiff_springs():
    problem, h = PROBLEMS["fput"](m=1, omega=5.0), 0.3
    y = np.array([0.0, 0.2, 0.0, 0.4])

    def velocity(p):
        return p[0], p[1]

    def force(q):
        return 0.0, -25.0 * q[1]

    def no_force(q):
        return 0.0, 0.0

    free = Problem(
        y, (0.0, 1.0), "test", velocity=velocity, force=force, name="one_spring",
        offers={"frequencies": problem.offers["frequencies"], "slow_force": no_force},
    )  # fmt: skip
    exact = one_step(METHODS["implicit_midpoint"], free)(0.0, y, h)
    assert one_step(METHODS["imex"], free)(0.0, y, h) == pytest.approx(exact, abs=1e-12)


def test_gautschis_method_is_symplectic_in_scaled_coordinates():
    """D phi D^-1 with D^2 = sinc/psi at h omega, which is near 1 for small h."""
    problem, h = PROBLEMS["fput"](m=1, omega=5.0), 0.25
    with mpmath.workdps(40):
        x = h * mpmath.mpf(5)
        scale = mpmath.sqrt(mpmath.sinc(x)) / mpmath.sinc(x / 2)
        D = mpmath.diag([1, scale, 1, scale])
        J = D * jacobian(problem, "gautschi", np.array([0.5, 0.2, 0.3, 0.4]), h) * D**-1
        W = mpmath.matrix(np.kron([[0, 1], [-1, 0]], np.eye(2, dtype=int)).tolist())
        assert max(abs(entry) for entry in J.T * W * J - W) < 1e-20


def test_trigonometric_methods_take_steps_that_verlet_cannot_take():
    problem, h = PROBLEMS["fput"], 0.045  # h omega = 2.25, beyond the 2 of Stormer-Verlet
    assert integrate(problem, "deuflhard", h=h, steps=2000).drift["energy"] < 0.2
    with pytest.raises(Exception, match="overflowed"):
        integrate(problem, "stormer_verlet", h=h, steps=2000)


@pytest.mark.parametrize("method", ["lie_euler", "rkmk_4"])
def test_lie_group_methods_keep_the_casimir_to_round_off(method):
    run = integrate("rigid_body", method, h=0.1, steps=1000)
    assert run.drift["casimir"] <= 1e-13
    assert integrate("rigid_body", "rk4", h=0.1, steps=1000).drift["casimir"] > 1e-8


def test_kahans_method_keeps_a_modified_volume_and_the_orbits_of_predator_and_prey_closed():
    problem, y, h = PROBLEMS["lotka_volterra"], np.array([2.0, 1.5]), 0.1
    with mpmath.workdps(40):
        J = jacobian(problem, "kahan", y, h)
        after = one_step(METHODS["kahan"], problem)(mpmath.mpf(0), exact_floats(y), mpmath.mpf(h))
        area = after[0] * after[1] / (y[0] * y[1])  # dy1 dy2 / (y1 y2) is kept
        assert float(abs(mpmath.det(J) - area)) < 1e-20
    energy = integrate(problem, "kahan", h=0.1, steps=20_000).invariants["energy"]
    early, late = (np.abs(e - energy[0]).max() for e in (energy[:1000], energy[-1000:]))
    assert late < 1.1 * early


def energy_errors(method):
    energy = integrate("kepler_with_clock", method, h=0.01, steps=4000).invariants["energy"]
    return [np.abs(e - energy[0]).max() for e in (energy[:800], energy[-800:])]


def test_reversible_steps_leave_no_drift_where_naive_ones_do():
    early, late = energy_errors("reversible_verlet")
    assert late < 1.01 * early
    early, late = energy_errors("naive_adaptive_verlet")
    assert late > 1.5 * early


def test_variable_steps_are_short_near_the_sun_and_their_time_is_a_component():
    run = integrate("kepler_with_clock", "reversible_verlet", h=0.002, steps=6000)
    dt, r = np.diff(run.y[:, 4]), np.hypot(run.y[:, 0], run.y[:, 1])
    assert dt.max() / dt.min() > 20 and r[dt.argmin()] < 0.21
    exact = PROBLEMS["kepler"](eccentricity=0.8).exact
    error = max(np.abs(y[:4] - exact(y[4])).max() for y in run.y[:1500])
    assert error < 0.05


def test_naive_steps_are_of_order_two_as_a_function_of_the_time():
    exact = PROBLEMS["kepler"](eccentricity=0.8).exact
    errors = []
    for steps in (8000, 16_000):
        run = integrate("kepler_with_clock", "naive_adaptive_verlet", h=1.5 / steps, steps=steps)
        errors.append(np.abs(run.final[:4] - exact(run.final[4])).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.15)
