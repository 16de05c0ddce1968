"""Implicit stages of any field, by fixed-point iteration, with the derivative of the implicit function theorem.

X = x + h A f(X) for the stages X of N states. The iteration converges when h times the Lipschitz constant
of f times the largest row sum of |A| is below 1. Sweeps that start at the solution add the terms of the Neumann
series of (I - J)^-1 to its derivative, so as many as the solution took make the derivative as accurate.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from geoflow.ground import Floats, SolveError
from geoflow.integrators.families.solvers import Field
from geoflow.integrators.families.staged import Staged
from geoflow.layers.implicit import SINGLE, TOLERANCE

SWEEPS = 200


def implicit_step(method: Staged, f: Field, x: Tensor, h: Tensor | float) -> Tensor:
    """One step along f for x of shape (N, d), by an implicit method.

    Raises SolveError when the stages do not converge. Products of matrices are taken in the precision of the weights
    even where training asks for a lower one.
    """
    with torch.autocast(x.device.type, enabled=False):
        columns = x.to(torch.promote_types(x.dtype, torch.float32)).T
        end: Tensor = method.step(lambda t, y: f(t, y.T).T, 0.0, columns, h, _solve)
        return end.T


def _solve(
    method: Staged, f: Field, t: Any, y: Tensor, h: Any, c: Sequence[float], stage: Callable[[int, Any], Tensor]
) -> list[Tensor]:
    """The slopes at the stages of the states y (d, N), all evaluated at once; a field of a layer has no time."""

    def slopes(X: Tensor) -> list[Tensor]:
        return list(f(t, X).chunk(len(c), dim=1))

    def iterate(X: Tensor) -> Tensor:
        K = slopes(X)
        return torch.cat([stage(i, K) for i in range(len(c))], dim=1)

    with torch.no_grad():
        X, count = _iterated(iterate, y.repeat(1, len(c)))
    for _ in range(count if torch.is_grad_enabled() else 0):
        X = iterate(X)
    return slopes(X)


def _iterated(iterate: Callable[[Tensor], Tensor], X: Tensor) -> tuple[Tensor, int]:
    """The stages (d, s N), and the number of iterations that they took."""
    double = X.dtype == torch.float64
    tolerance = TOLERANCE if double else SINGLE * (1 + float(X.norm(dim=0).max()))
    for count in range(1, SWEEPS + 1):
        before, X = X, iterate(X)
        change = float((X - before).norm(dim=0).max())
        if change <= tolerance:
            return X, count
        if not change < 1e100:
            break
    raise SolveError(
        f"the implicit stages of a layer changed by {change:.1e} in the last of {count} iterations, expected "
        f"{tolerance:.1e}; try a smaller step, or an explicit scheme."
    )


def solver_error(A: Floats, b: Floats, z: float) -> float:
    """How far the step may be from the exact one, for z = h times the Lipschitz constant of the field.

    With q = z max_i sum_j |a_ij| < 1 the stages are off by at most q / (1 - q) times the last change.
    """
    q = z * float(A.sum(axis=1).max())
    return z * float(b.sum()) * q / (1 - q) * TOLERANCE if q < 1 else math.inf
