"""Implicit stages of the reference step, solved by sweeps or by Newton's method, both to stagnation."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from geoflow.ground.errors import SolveError

if TYPE_CHECKING:
    from geoflow.integrators.families.staged import Staged

State = Any  # float, complex or object (mpf) array, or a torch tensor
Field = Callable[[Any, State], State]
SWEEPS = 200


def is_exact(y: State) -> bool:
    return isinstance(y, np.ndarray) and y.dtype.kind == "O"


def largest(x: State) -> Any:
    return max(abs(x).ravel().tolist()) if is_exact(x) else float(np.max(np.abs(x)))


def fixed_point(
    method: "Staged",
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
    eps = mpmath.mp.eps if is_exact(y) else np.finfo(float).eps
    near = 1000 * eps * (1 + largest(y))
    Y, previous = [y] * method.stages, None
    for _ in range(SWEEPS):
        K = [f(t + c_i * h, Y_i) for c_i, Y_i in zip(c, Y, strict=True)]
        new = [stage(i, K) for i in range(method.stages)]
        delta = max(largest(n - o) for n, o in zip(new, Y, strict=True))
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


def solve_by_newton(
    method: "Staged", f: Field, jacobian: Field, t: Any, y: State, h: float
) -> list[State]:
    """Newton on Z_i = h sum_j a_ij f(y + Z_j), halving a correction that does not lower the residual."""
    s, d, c = method.stages, y.shape[0], np.array([float(x) for x in method.c])
    A = np.repeat([one.rounded[0] for one in method.tableaus], d // len(method.tableaus), axis=0)
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
