"""Time transformation of separable problems: steps that are short where the potential is deep."""

from dataclasses import replace

import numpy as np

from geoflow.ground import InputError
from geoflow.ground.floats import is_finite
from geoflow.problems.elementary import sqrt, zeros_like
from geoflow.problems.kepler import kepler
from geoflow.problems.problem import Function, Problem, textbook


def time_transformed(problem: Problem, power: float = 1.0) -> Problem:
    """H(q, p) = T(p) - U(q) in a time s with dt/ds = U(q)^(-power), as a separable problem (PretoTremaine1999).

    The state is (q, t, p, p_t) of dimension 2 d + 2, with p_t = -H(y0), and `offers["clock"]` is the index d of t. The
    new Hamiltonian is f(T(p) + p_t) - f(U(q)) with f'(x) = x^(-power); it is 0 on the orbit, where T + p_t = U. Every
    splitting and every composition is thus explicit and symplectic for it, with a constant step in s. power = 1 is the
    logarithmic Hamiltonian (MikkolaTanikawa1999): the positions of stormer_verlet_position stay exactly on Kepler's
    ellipse, although their times have errors. U must be positive along the orbit, as it is for gravity. The invariants
    of the problem are invariants of states with p_t = -H(q, p); `offers["consistent"]` sets the p_t of another state.
    Raises InputError for a problem that has no such H without time, whose T is not quadratic, or with U(q0) <= 0.

    >>> time_transformed(PROBLEMS["kepler"], power=1.5).offers["clock"]
    2
    """
    rate, pull, H, d = problem.velocity, problem.force, problem.hamiltonian, problem.dimension // 2
    if rate is None or pull is None or H is None or not problem.autonomous:
        raise InputError(
            f"expected {problem.label} to have `velocity`, `force` and `hamiltonian` without time, "
            "which a time transformation needs; try 'kepler' or 'figure_eight'."
        )
    q, p = problem.y0[:d], problem.y0[d:]
    if not (is_finite(power) and H(q, zeros_like(p)) < 0):
        raise InputError(f"expected a finite power and U(q0) > 0 for {problem.label}, got {power!r}, {-H(q, 0 * p)}.")
    if not np.isclose(np.dot(rate(p + 1), p + 1) / 2, H(q, p + 1) - H(q, 0 * p), rtol=1e-9):
        raise InputError(f"expected T(p) of {problem.label} to be p.T'(p) / 2, that is quadratic in p.")

    def general(x):
        return x ** (-power)

    density = {1.0: _reciprocal, 1.5: _three_halves}.get(power, general)

    def velocity(p):
        v, x = rate(p), p[d]  # x = T(p) + p_t
        for i in range(d):
            x = x + p[i] * v[i] / 2
        scale = density(x)
        moved = zeros_like(p)
        for i in range(d):
            moved[i] = scale * v[i]
        moved[d] = scale
        return moved

    def force(q):
        F, kicked = pull(q), zeros_like(q)
        scale = density(-H(q, kicked))
        for i in range(d):
            kicked[i] = scale * F[i]
        return kicked

    def consistent(q, p):
        return (*q, *p[:d], -H(q, p))

    invariants = {name: _of_body(I, d) for name, I in problem.invariants.items()}
    return Problem(
        y0=np.concatenate([q, problem.span[:1], p, [-H(q, p)]]), span=problem.span, reference="PretoTremaine1999",
        velocity=velocity, force=force, invariants=invariants,
        offers={"clock": d, "consistent": consistent}, units=problem.units, name=f"time_transformed({problem.name})",
    )  # fmt: skip


def _reciprocal(x):
    return 1 / x


def _three_halves(x):
    return 1 / (x * sqrt(x))


def _of_body(invariant: Function, d: int) -> Function:
    """The invariant (q, p) of the problem as a function of the states (q, t), (p, p_t)."""

    def of_body(q, p):
        return invariant(q[:d], p[:d])

    return of_body


@textbook
def kepler_transformed(eccentricity: float = 0.9, power: float = 1.0) -> Problem:
    """Kepler's problem in a time s with dt/ds = |q|^power and the state (q, t, p, p_t) (PretoTremaine1999).

    With the default, the logarithmic Hamiltonian, a period is 2 pi in s as well, for all eccentricities.
    """
    return replace(time_transformed(kepler(eccentricity=eccentricity), power), span=(0.0, 10.0))
