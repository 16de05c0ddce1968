"""Implicit stages of any field, by fixed-point iteration, with the derivative of the implicit function theorem.

X = x + h A f(X) for the stages X (s, N, d) of N states. The iteration converges when h times the Lipschitz constant
of f times the largest row sum of |A| is below 1. Sweeps that start at the solution add the terms of the Neumann
series of (I - J)^-1 to its derivative, so as many as the solution took make the derivative as accurate.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from geoflow.ground import Floats, SolveError
from geoflow.layers.implicit import SINGLE, TOLERANCE

SWEEPS = 200


def implicit_step(A: Floats, b: Floats, f: Callable[[float, Tensor], Tensor], x: Tensor, h: Tensor | float) -> Tensor:
    """x + h sum_i b_i f(X_i) for x of shape (N, d); A (s, s, 1 or d), b (s, 1 or d).

    Raises SolveError when the stages do not converge. Products of matrices are taken in the precision of the weights
    even where training asks for a lower one.
    """
    with torch.autocast(x.device.type, enabled=False):
        x = x.to(torch.promote_types(x.dtype, torch.float32))
        rows, weights = (torch.as_tensor(w, dtype=x.dtype, device=x.device) for w in (A, b))

        def slopes(X: Tensor) -> Tensor:
            return f(0.0, X.flatten(0, 1)).view_as(X)

        def iterate(X: Tensor) -> Tensor:
            return x + h * torch.einsum("ijd,jnd->ind", rows.expand(-1, -1, x.shape[1]), slopes(X))

        with torch.no_grad():
            X, count = _solve(iterate, x.expand(len(b), *x.shape))
        for _ in range(count if torch.is_grad_enabled() else 0):
            X = iterate(X)
        return x + h * (weights[:, None] * slopes(X)).sum(dim=0)


def _solve(iterate: Callable[[Tensor], Tensor], X: Tensor) -> tuple[Tensor, int]:
    """The stages, and the number of iterations that they took."""
    double = X.dtype == torch.float64
    tolerance = TOLERANCE if double else SINGLE * (1 + float(X.norm(dim=2).max()))
    for count in range(1, SWEEPS + 1):
        before, X = X, iterate(X)
        change = float((X - before).norm(dim=2).max())
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
