"""Solvers for implicit stages of the reference step: fixed-point iteration and Newton's method, until stagnation."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from geoflow.ground import InputError, SolveError
from geoflow.integrators.families.tensors import Entry, is_tensor
from geoflow.integrators.formulas.equations import solved

if TYPE_CHECKING:
    from geoflow.integrators.families.staged import Staged

State = Any  # float, complex or object (mpf) array, or a torch tensor
Field = Callable[[Any, State], State]
Solver = Callable[..., list[State]]  # arguments as for `fixed_point`; returns the slopes K_i
MAX_ITERATIONS = 200


def is_exact(y: State) -> bool:
    """Whether y is an array of mpf."""
    return isinstance(y, np.ndarray) and y.dtype.kind == "O" and not isinstance(y.flat[0], Entry)


def largest(x: State) -> Any:
    return max(abs(x).ravel().tolist()) if is_exact(x) else float(abs(x).max())


def _round_off(y: State) -> Any:
    if is_tensor(y):
        import torch

        return torch.finfo(y.dtype).eps
    return mpmath.mp.eps if is_exact(y) else float(np.finfo(float).eps)


def fixed_point(
    method: "Staged", f: Field, t: Any, y: State, h: Any, c: Sequence, stage: Callable[[int, Sequence[State]], State]
) -> list[State]:
    """Iterate on all stages until the increment stagnates; an earlier stop causes energy drift (HLW VIII.6).

    stage(i, K) returns Y_i for given K. For a tensor, the same number of iterations with gradients follows from the
    solution: they sum the Neumann series of the implicit derivative, which is then as accurate as the solution.
    """
    if not is_tensor(y):
        return _swept(method, f, t, y, h, c, stage)[0]
    import torch

    with torch.no_grad():
        K, used = _swept(method, f, t, y, h, c, stage)
    for _ in range(used if torch.is_grad_enabled() else 0):
        K = [f(t + c_i * h, stage(i, K)) for i, c_i in enumerate(c)]
    return K


def _swept(
    method: "Staged", f: Field, t: Any, y: State, h: Any, c: Sequence, stage: Callable[[int, Sequence[State]], State]
) -> tuple[list[State], int]:
    """Return the stages and the number of iterations."""
    near = 1000 * _round_off(y) * (1 + largest(y))
    Y, previous = [y] * method.stages, None
    for iteration in range(MAX_ITERATIONS):
        K = [f(t + c_i * h, Y_i) for c_i, Y_i in zip(c, Y, strict=True)]
        new = [stage(i, K) for i in range(method.stages)]
        delta = max(largest(n - o) for n, o in zip(new, Y, strict=True))
        Y = new
        if delta == 0 or (previous is not None and delta <= near and delta >= previous):
            return K, iteration + 1
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
    """Solve for all stages by Newton's method, for y of shape (d,); arguments as for `fixed_point`."""
    if is_tensor(y):
        raise InputError("Newton's method for stages does not propagate gradients; use the fixed-point iteration.")
    eps = _round_off(y)

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
