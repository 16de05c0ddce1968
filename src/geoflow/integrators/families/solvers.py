"""Implicit stages of the reference step, by fixed-point iteration or by Newton's method, both to stagnation."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from geoflow.ground.errors import SolveError
from geoflow.integrators.formulas.equations import solved

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
    method: "Staged", f: Field, t: Any, y: State, h: Any, c: Sequence, stage: Callable[[int, Sequence[State]], State]
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
        "try a smaller h or Newton's method."
    )


def newton(
    method: "Staged", f: Field, t: Any, y: State, h: Any, c: Sequence, stage: Callable[[int, Sequence[State]], State]
) -> list[State]:
    """All stages at once by Newton's method, for y of shape (d,); arguments as for `fixed_point`."""
    eps = mpmath.mp.eps if is_exact(y) else float(np.finfo(float).eps)

    def slopes(Y: State) -> list[State]:
        rows = Y.reshape(method.stages, len(y))
        return [f(t + c_i * h, Y_i) for c_i, Y_i in zip(c, rows, strict=True)]

    def increment(t: Any, start: State, Y: State, h: Any, eps: Any) -> State:
        K = slopes(Y)
        return np.concatenate([stage(i, K) for i in range(method.stages)]) - start

    Y, used = solved(t, np.tile(y, method.stages), h, eps, increment=increment)
    if used < 0:
        raise SolveError(
            f"{method.name or 'an implicit method'}: Newton's method for the stages did not converge at "
            f"t = {float(t):.6g} with h = {float(h):.3g}; try a smaller h."
        )
    return slopes(Y)
