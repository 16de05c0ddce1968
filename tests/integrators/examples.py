"""Problems for the laws, small enough for extended precision, and the choice of one that suits a method."""

from collections.abc import Sequence

import numpy as np

from geoflow.ground.errors import InputError
from geoflow.integrators import Method
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.elementary import cos, sin

STATE = np.array([0.1, 0.3, 0.4, 0.2])  # of Henon-Heiles, off every symmetry


def henon_heiles_in_three():
    """Henon-Heiles as A: a rotation (half of the oscillator), B: half of the drift, C: the rest of the force."""
    whole = PROBLEMS["henon_heiles"]

    def turn(h, q, p):
        c, s = cos(h / 2), sin(h / 2)
        return c * q[0] + s * p[0], c * q[1] + s * p[1], c * p[0] - s * q[0], c * p[1] - s * q[1]

    def drift(h, q, p):
        return q[0] + h * p[0] / 2, q[1] + h * p[1] / 2, p[0], p[1]

    def kick(h, q, p):
        first = p[0] - h * (q[0] / 2 + 2 * q[0] * q[1])
        return q[0], q[1], first, p[1] - h * (q[1] / 2 + q[0] ** 2 - q[1] ** 2)

    return Problem(
        whole.y0, whole.span, "test", velocity=whole.velocity, force=whole.force,
        hamiltonian=whole.hamiltonian, invariants=whole.invariants,
        flows={"A": turn, "B": drift, "C": kick}, name="henon_heiles",
    )  # fmt: skip


def driven_pendulum_in_three():
    """The driven pendulum as A: drift, B: gravity, C: drive; time moves with A."""
    whole = PROBLEMS["driven_pendulum"]
    strength, frequency = whole.parameters["strength"], whole.parameters["frequency"]

    def drift(h, q, p):
        return q[0] + h * p[0], p[0]

    def gravity(h, q, p):
        return q[0], p[0] - h * sin(q[0])

    def drive(h, t, q, p):
        return q[0], p[0] + h * strength * cos(frequency * t)

    return Problem(
        whole.y0, whole.span, "test", velocity=whole.velocity, force=whole.force,
        hamiltonian=whole.hamiltonian,
        flows={"A": drift, "B": gravity, "C": drive}, name="driven_pendulum",
    )  # fmt: skip


def shaken_pendulum():
    """H(q, p, t) = p^2/2 - (1 + sin(t + 1)/2) cos q: time enters the Jacobian of the field."""

    def velocity(p):
        return (p[0],)

    def force(t, q):
        return (-(1 + sin(t + 1) / 2) * sin(q[0]),)

    def hamiltonian(t, q, p):
        return p[0] ** 2 / 2 - (1 + sin(t + 1) / 2) * cos(q[0])

    return Problem(
        STATE[:2], (0.0, 1.0), "test",
        velocity=velocity, force=force, hamiltonian=hamiltonian, name="shaken_pendulum",
    )  # fmt: skip


def shaken_pendulum_in_three():
    """The shaken pendulum with a third of its drift, another third, and the force."""
    whole = shaken_pendulum()

    def drift(h, q, p):
        return q[0] + h * p[0] / 3, p[0]

    def more(h, q, p):
        return q[0] + 2 * h * p[0] / 3, p[0]

    def kick(h, t, q, p):
        return q[0], p[0] - h * (1 + sin(t + 1) / 2) * sin(q[0])

    return Problem(
        whole.y0, whole.span, "test", velocity=whole.velocity, force=whole.force,
        hamiltonian=whole.hamiltonian,
        flows={"A": drift, "B": more, "C": kick}, name="shaken_pendulum",
    )  # fmt: skip


def bead():
    """H(q, p, t) = p^2 (1 + q^2)/2 + (1 + sin(t)/2) cos q: neither separable nor autonomous."""

    def hamiltonian(t, q, p):
        return p[0] ** 2 * (1 + q[0] ** 2) / 2 + (1 + sin(t) / 2) * cos(q[0])

    def field(t, q, p):
        return p[0] * (1 + q[0] ** 2), -(p[0] ** 2) * q[0] + (1 + sin(t) / 2) * sin(q[0])

    return Problem(np.array([0.4, 0.5]), (0.0, 1.0), "test", field=field, hamiltonian=hamiltonian, name="bead")


def particle():
    """A charge in fields that depend on the place: B = (x2, x3/2, 1 + x1), E = -grad (x1^2 + x1 x2 x3 + x3^4)."""

    def magnetic_field(q):
        return q[1], q[2] / 2, 1 + q[0]

    def electric_field(q):
        return -2 * q[0] - q[1] * q[2], -q[0] * q[2], -q[0] * q[1] - 4 * q[2] ** 3

    def field(q, p):
        b0, b1, b2 = q[1], q[2] / 2, 1 + q[0]
        return (
            p[0],
            p[1],
            p[2],
            p[1] * b2 - p[2] * b1 - 2 * q[0] - q[1] * q[2],
            p[2] * b0 - p[0] * b2 - q[0] * q[2],
            p[0] * b1 - p[1] * b0 - q[0] * q[1] - 4 * q[2] ** 3,
        )

    return Problem(
        y0=np.array([0.3, -0.2, 0.4, 0.5, 0.1, -0.3]),
        span=(0.0, 1.0),
        reference="test",
        field=field,
        offers={"magnetic_field": magnetic_field, "electric_field": electric_field},
        name="particle",
    )


def suited(candidates: Sequence[Problem], method: Method) -> Problem | None:
    """The first problem that provides what the method needs, or None."""
    for problem in candidates:
        try:
            method.check(problem)
        except InputError:
            continue
        return problem
    return None


AUTONOMOUS = (PROBLEMS["henon_heiles"], henon_heiles_in_three())
DRIVEN = (PROBLEMS["driven_pendulum"], driven_pendulum_in_three())
SHAKEN = (shaken_pendulum(), shaken_pendulum_in_three())
# One of these serves each formula.
FREE = (
    PROBLEMS["henon_heiles"],
    PROBLEMS["rigid_body"],
    PROBLEMS["fput"](omega=3.0),
    particle(),
    PROBLEMS["kepler_with_clock"](eccentricity=0.3),
)
