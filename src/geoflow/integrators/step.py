"""One step of each family, written once in plain arithmetic: NumPy, complex, torch and mpmath states alike.

The compiled loops (`geoflow.integrators.compiled`) are the fast path over the same data; a test holds the
two together to round-off. A state has shape (d,) or, for many states at once, (d, N); layers pass (N, d).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, singledispatch
from typing import Any

import mpmath
import numpy as np

from geoflow.errors import InputError, SolveError
from geoflow.integrators.families import (
    QUADRATIC,
    Floats,
    Method,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    to_mpf,
)
from geoflow.problems import Problem

State = Any  # float, complex or object (mpf) array, or a torch tensor
Field = Callable[[Any, State], State]
SWEEPS = 200


def step(
    method: RungeKutta, f: Field, t: Any, y: State, h: Any, jacobian: Field | None = None
) -> State:
    """y_1 = y + h sum_i b_i K_i with K_i = f(t + c_i h, y + h sum_j a_ij K_j) (HLW II.1.4).

    Implicit stages are iterated by fixed point to stagnation or, given `jacobian(t, y)` of shape (d, d)
    ((N, d, d) for y of shape (d, N)), by a damped Newton method. Raises SolveError without convergence.
    """
    A, b, c = _coefficients(method, y)
    if method.explicit:
        K: list[State] = []
        for a_i, c_i in zip(A, c, strict=True):
            K.append(f(t + c_i * h, _advance(y, h, a_i, K)))
    elif jacobian is None:
        K = _fixed_point(method, f, t, y, h, c, lambda i, K: _advance(y, h, A[i], K))
    else:
        K = _newton(method, method.as_floats()[0], f, jacobian, t, y, h)
    return _advance(y, h, b, K)


def partitioned_step(
    method: PartitionedRungeKutta,
    f: Field,
    t: Any,
    y: State,
    h: Any,
    jacobian: Field | None = None,
) -> State:
    """Two tableaus for the halves of y = (q, p) (HLW II.2.1); stages are solved as in `step`."""
    half = y.shape[0] // 2
    (A, b, c), (A_hat, b_hat, _) = (_coefficients(tableau, y) for tableau in method.tableaus)

    def both(a: Sequence, a_hat: Sequence, K: Sequence[State]) -> State:
        q = _advance(y[:half], h, a, [k[:half] for k in K])
        p = _advance(y[half:], h, a_hat, [k[half:] for k in K])
        return np.concatenate([q, p])

    if jacobian is None:
        K = _fixed_point(method, f, t, y, h, c, lambda i, K: both(A[i], A_hat[i], K))
    else:
        by_component = np.repeat([A, A_hat], half, axis=0)
        K = _newton(method, by_component, f, jacobian, t, y, h)
    return both(b, b_hat, K)


def splitting_step(
    method: Splitting,
    flows: Mapping[str, Callable[[Any, State, Any], State]],
    t: Any,
    y: State,
    h: Any,
) -> State:
    """The exact flows of the parts in turn (HLW II.5); `flows[part](t, y, a h)`; time moves with part A."""
    exact = _is_exact(y)
    for part, x in method.substeps:
        a = to_mpf(x) if exact else float(x)
        y = flows[part](t, y, a * h)
        if part == "A":
            t = t + a * h
    return y


def _is_exact(y: State) -> bool:
    return isinstance(y, np.ndarray) and y.dtype.kind == "O"


def _coefficients(method: RungeKutta, y: State) -> tuple[Sequence, Sequence, Sequence]:
    """Exact numbers for a state of mpf; Python floats for any other."""
    if _is_exact(y):
        return (
            [list(map(to_mpf, row)) for row in method.A],
            list(map(to_mpf, method.b)),
            list(map(to_mpf, method.c)),
        )
    return method.rounded


def _advance(y: State, h: Any, weights: Sequence, K: Sequence[State]) -> State:
    """y + h sum_j w_j K_j, without the terms of weight zero."""
    terms = [w * k for w, k in zip(weights, K, strict=False) if w != 0]
    return y + h * sum(terms[1:], start=terms[0]) if terms else y


def _largest(x: State) -> Any:
    return max(abs(x).ravel().tolist()) if _is_exact(x) else float(np.max(np.abs(x)))


def _fixed_point(
    method: Method,
    f: Field,
    t: Any,
    y: State,
    h: Any,
    c: Sequence,
    stage: Callable[[int, Sequence[State]], State],
) -> list[State]:
    """Sweep over all stages until the increment stagnates: stopping earlier makes energy drift (HLW VIII.6).

    `stage(i, K)` is Y_i for given K.
    """
    eps = mpmath.mp.eps if _is_exact(y) else np.finfo(float).eps
    near = 1000 * eps * (1 + _largest(y))
    Y, previous = [y] * method.stages, None
    for _ in range(SWEEPS):
        K = [f(t + c_i * h, Y_i) for c_i, Y_i in zip(c, Y, strict=True)]
        new = [stage(i, K) for i in range(method.stages)]
        delta = max(_largest(n - o) for n, o in zip(new, Y, strict=True))
        Y = new
        if delta == 0 or (previous is not None and delta <= near and delta >= previous):
            return K
        if not delta < 1e100:
            break
        previous = delta
    raise SolveError(
        f"{method.name or 'an implicit method'}: the fixed-point iteration for the stages did not converge "
        f"at t = {float(t):.6g} with h = {float(h):.3g} (last increment {float(delta):.1e}); "
        "try a smaller h, or give the Jacobian so that Newton's method is used."
    )


def _newton(
    method: RungeKutta | PartitionedRungeKutta,
    A: Floats,
    f: Field,
    jacobian: Field,
    t: Any,
    y: State,
    h: float,
) -> list[State]:
    """Newton on Z_i = h sum_j a_ij f(y + Z_j), halving a correction that does not lower the residual.

    A has shape (s, s), or (d, s, s) with a matrix for each component.
    """
    s, d = method.stages, y.shape[0]
    A, c = np.broadcast_to(A, (d, s, s)), np.array([float(x) for x in method.c])
    columns = y.reshape(d, -1)
    times = t + c * h

    def field(Z: State) -> State:  # (s, d, N) -> (s, d, N)
        return np.stack(
            [
                f(t_i, (y + z.reshape(y.shape))).reshape(d, -1)
                for t_i, z in zip(times, Z, strict=True)
            ]
        )

    def residual(Z: State) -> State:
        return Z - h * np.einsum("dij,jdn->idn", A, field(Z))

    def size(G: State) -> State:  # per column
        return np.max(np.abs(G), axis=(0, 1))

    Z = np.zeros((s, *columns.shape))
    G = residual(Z)
    floor = 1e-14 * (1 + np.max(np.abs(columns), axis=0) + size(G))
    for _ in range(SWEEPS):
        J = np.stack(
            [
                np.asarray(jacobian(t_i, y + z.reshape(y.shape))).reshape(-1, d, d)
                for t_i, z in zip(times, Z, strict=True)
            ]
        )
        matrix = np.eye(s * d) - h * np.einsum("dij,jnde->nidje", A, J).reshape(-1, s * d, s * d)
        correction = np.linalg.solve(matrix, -np.moveaxis(G, -1, 0).reshape(-1, s * d, 1))
        dZ = np.moveaxis(correction.reshape(-1, s, d), 0, -1)
        damping = np.ones(columns.shape[1])
        for _halving in range(12):
            trial = residual(Z + damping * dZ)
            worse = (size(trial) > size(G)) & (size(G) > floor)
            if not worse.any():
                break
            damping = np.where(worse, damping / 2, damping)
        converged = (size(dZ * damping) <= floor) | (size(trial) <= floor)
        Z, G = Z + damping * dZ, trial
        if converged.all():
            return [k.reshape(y.shape) for k in field(Z)]
    raise SolveError(
        f"{method.name or 'an implicit method'}: Newton's method for the stages did not converge at "
        f"t = {float(t):.6g} with h = {float(h):.3g} (residual {size(G).max():.1e}); try a smaller h."
    )


@singledispatch
def one_step(method: Method, problem: Problem) -> Callable[[Any, State, Any], State]:
    """The map phi(t, y, h) of a method on a problem; raises InputError when the problem does not offer enough."""
    raise InputError(f"expected a method or its name, got {method!r}; try 'stormer_verlet'.")


@singledispatch
def require_offers(method: Method, problem: Problem) -> None:
    """Raises InputError when `method` needs what `problem` does not offer."""


def newton_step(method: Method, problem: Problem) -> Callable[[Any, State, Any], State]:
    """`one_step` with Newton's method for the stages, for a state of shape (d,); J by central differences."""
    require_offers(method, problem)
    f = problem.vector_field

    def jacobian(t: Any, y: State) -> State:
        e = 1e-5 * max(1.0, _largest(y))
        columns = [(f(t, y + e * unit) - f(t, y - e * unit)) / (2 * e) for unit in np.eye(len(y))]
        return np.stack(columns, axis=1)

    if isinstance(method, RungeKutta):
        return lambda t, y, h: step(method, f, t, y, h, jacobian)
    assert isinstance(method, PartitionedRungeKutta)
    return lambda t, y, h: partitioned_step(method, f, t, y, h, jacobian)


@one_step.register
def _(method: RungeKutta, problem: Problem) -> Callable[[Any, State, Any], State]:
    return lambda t, y, h: step(method, problem.vector_field, t, y, h)


@one_step.register
def _(method: PartitionedRungeKutta, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    return lambda t, y, h: partitioned_step(method, problem.vector_field, t, y, h)


@one_step.register
def _(method: Splitting, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    flows = {part: partial(problem.flow, part) for part in method.parts}
    return lambda t, y, h: splitting_step(method, flows, t, y, h)


@require_offers.register
def _(method: PartitionedRungeKutta, problem: Problem) -> None:
    if problem.hamiltonian is None and not problem.separable:
        raise InputError(
            f"method {method.name!r} treats q and p of a Hamiltonian system each in its way, and problem "
            f"{problem.name!r} offers no `hamiltonian`; try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )


@require_offers.register
def _(method: Splitting, problem: Problem) -> None:
    offered = set(problem.flows) or ({"A", "B"} if problem.separable else set())
    if missing := set(method.parts) - offered:
        wanted = "H = T(p) + U(q)" if method.parts in "AB" else f"f into {len(method.parts)} parts"
        raise InputError(
            f"method {method.name!r} splits {wanted}, and problem {problem.name!r} does not offer "
            f"`velocity` and `force` or `flows` {', '.join(sorted(missing))}; "
            "try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )
    if unused := offered - set(method.parts):
        raise InputError(
            f"method {method.name!r} has no flow of part {', '.join(sorted(unused))} of problem "
            f"{problem.name!r}; try 'strang_{len(offered)}'."
        )
    if method.needs == QUADRATIC and not _has_quadratic_kinetic_energy(problem):
        raise InputError(
            f"method {method.name!r} has its order only for T(p) = p^T M^-1 p / 2 and a force, and problem "
            f"{problem.name!r} offers something else; try 'kahan_li_6'."
        )


def _has_quadratic_kinetic_energy(problem: Problem) -> bool:
    """Whether q' = v(p) is linear: v(2 p + r) = 2 v(p) + v(r), looked at in one pair of points off every symmetry."""
    if problem.flows or problem.velocity is None:
        return False
    still = np.zeros(problem.dimension)
    p, r = np.cos(np.arange(problem.dimension)), np.sin(1 + np.arange(problem.dimension))

    def v(y: State) -> State:
        return problem.flow(
            "A", problem.span[0], np.concatenate([still[: len(y) // 2], y[len(y) // 2 :]]), 1.0
        )

    half = problem.dimension // 2
    v_p, v_r, v_both = (v(y)[:half] for y in (p, r, 2 * p + r))
    return bool(np.allclose(v_both, 2 * v_p + v_r, rtol=1e-12, atol=1e-14))
