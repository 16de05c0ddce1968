"""One step of each family, written once in plain arithmetic: NumPy, complex, torch and mpmath states alike.

The compiled loops (`geoflow.integrators.compiled`) are the fast path over the same data; a test holds the
two together to round-off. A state has shape (d,) or, for many states at once, (d, N); layers pass (N, d).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import mpmath
import numpy as np

from geoflow.errors import InputError, SolveError
from geoflow.integrators.families import Method, RungeKutta, Splitting, to_mpf
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
        K = _fixed_point(method, f, t, y, h, A, c)
    else:
        K = _newton(method, f, jacobian, t, y, h)
    return _advance(y, h, b, K)


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
    method: RungeKutta, f: Field, t: Any, y: State, h: Any, A: Sequence, c: Sequence
) -> list[State]:
    """Sweep over all stages until the increment stagnates: stopping earlier makes energy drift (HLW VIII.6)."""
    eps = mpmath.mp.eps if _is_exact(y) else np.finfo(float).eps
    near = 1000 * eps * (1 + _largest(y))
    Y, previous = [y] * method.stages, None
    for _ in range(SWEEPS):
        K = [f(t + c_i * h, Y_i) for c_i, Y_i in zip(c, Y, strict=True)]
        new = [_advance(y, h, a_i, K) for a_i in A]
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
    method: RungeKutta, f: Field, jacobian: Field, t: Any, y: State, h: float
) -> list[State]:
    """Newton on Z_i = h sum_j a_ij f(y + Z_j), halving a correction that does not lower the residual."""
    A, _, c = method.as_floats()
    s, d = method.stages, y.shape[0]
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
        return Z - h * np.einsum("ij,jdn->idn", A, field(Z))

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
        matrix = np.eye(s * d) - h * np.einsum("ij,jnde->nidje", A, J).reshape(-1, s * d, s * d)
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


def one_step(method: Method, problem: Problem) -> Callable[[Any, State, Any], State]:
    """The map phi(t, y, h) of a method on a problem; raises InputError when the problem does not offer enough."""
    if isinstance(method, RungeKutta):
        return lambda t, y, h: step(method, problem.vector_field, t, y, h)
    require_offers(method, problem)
    flows = {part: partial(problem.flow, part) for part in "AB"}
    return lambda t, y, h: splitting_step(method, flows, t, y, h)


def require_offers(method: Method, problem: Problem) -> None:
    """Raises InputError when `method` needs a splitting that `problem` does not offer."""
    if isinstance(method, Splitting) and not problem.separable:
        raise InputError(
            f"method {method.name!r} splits H = T(p) + U(q), and problem {problem.name!r} does not offer "
            "`velocity` and `force`; try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )
