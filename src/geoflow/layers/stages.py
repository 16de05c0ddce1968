"""Implicit stages of layers: solved to a residual tolerance and differentiated at the solution.

The stage of a gradient flow, X = x - g A^T s(A X + b), is the minimum of |X - x|^2 / 2 + g V(X), which is strongly
convex with constants 1 and K = 1 + g ||A||^2. Gradient descent with step 2 / (1 + K) therefore converges like
((K - 1) / (K + 1))^k for all weights, and the distance to X is at most the residual F.

The stages of any field, X = x + h A f(X), are found by a fixed-point iteration. It converges when h times the Lipschitz
constant of f times the largest row sum of |A| is below 1. Iterations that start at the solution add the terms of the
Neumann series of (I - J)^-1 to its derivative; with as many iterations the derivative is as accurate as the solution.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from geoflow.ground import SolveError
from geoflow.integrators.families.solvers import Field
from geoflow.integrators.families.staged import Staged
from geoflow.layers.activate import Activation
from geoflow.layers.linear import LinearMap
from geoflow.layers.rounding import Rounded, bounds_of, rounded

TOLERANCE = 1e-10
"""Residual tolerance of a layer in evaluation (float64); a larger residual raises SolveError."""
SINGLE = 1e-5  # relative; float32 is used in training and attacks, not for certificates
DESCENTS, ITERATIONS = 5000, 200
"""Largest numbers of iterations: for the stage of a gradient flow, and for the stages of a general field."""


def resolvent(linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: Tensor | float, stiffness: float) -> Tensor:
    """Solve X + g A^T s(A X + b) = x for x of shape (N, d), g > 0 and stiffness = g ||A||^2.

    The derivative follows from the implicit function theorem: (I + g A^T D A)^-1 with D = diag(s'(A X + b)) at the
    computed X, which is symmetric with eigenvalues in (0, 1] at every X. Raises SolveError if the residual tolerance is
    not reached. Products are computed in the precision of b, even if training uses a lower one, in which the tolerance
    could not be reached.
    """
    fixed = float(g.detach()) if isinstance(g, Tensor) else g
    with torch.autocast(x.device.type, enabled=False):
        x = x.to(b.dtype)
        with torch.no_grad():
            X, stiffness = _descend(linear, b, s, x, fixed, stiffness)
        u = linear(X) + linear.spread(b)
        X_next = x - g * linear.adjoint(s(u))
    if X_next.requires_grad:
        slopes = _slopes(s, u)

        def multiply(v: Tensor) -> Tensor:
            return v + fixed * linear.adjoint(slopes * linear(v))

        count = _cg_steps(stiffness, torch.finfo(x.dtype).eps)
        X_next.register_hook(lambda cotangent: _conjugate_gradients(multiply, cotangent, count))
    return X_next


def _descend(
    linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: float, stiffness: float
) -> tuple[Tensor, float]:
    """Solve by gradient descent; returns X and the stiffness that was used.

    If K is correct, the residual of every state decreases in every step. Otherwise the estimate of the norm
    in training was too small, and the stiffness is increased.
    """
    tolerance = _tolerance(x, 1)
    X, residual = x, math.inf
    for _ in range(DESCENTS):
        F = X - x + g * linear.adjoint(s(linear(X) + linear.spread(b)))
        before, residual = residual, float(F.norm(dim=1).max())
        if residual <= tolerance:
            return X, stiffness
        if residual > before:
            stiffness *= 2
        X = X - 2 / (2 + stiffness) * F
    raise SolveError(
        f"an implicit layer reached the residual {residual:.1e}, expected {tolerance:.1e}; "
        "try a smaller relative_step, or inputs of a smaller size."
    )


def _conjugate_gradients(multiply: Callable[[Tensor], Tensor], right: Tensor, count: int) -> Tensor:
    """Solve M x = right for each row by `count` conjugate gradient steps, M symmetric and at least I.

    The number of steps is fixed, because one call can compute the derivative for many rows.
    """
    tiny = torch.finfo(right.dtype).tiny
    v, r, p = torch.zeros_like(right), right, right
    squared = (r * r).sum(dim=1, keepdim=True)
    for _ in range(count):
        Mp = multiply(p)
        along = squared / (p * Mp).sum(dim=1, keepdim=True).clamp(min=tiny)
        v, r = v + along * p, r - along * Mp
        last, squared = squared, (r * r).sum(dim=1, keepdim=True)
        p = r + squared / last.clamp(min=tiny) * p
    return v


def _slopes(s: Activation, u: Tensor) -> Tensor:
    """Elementwise derivative s'(u)."""
    with torch.enable_grad():
        u = u.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(s(u).sum(), u)
    return slopes


def _cg_steps(stiffness: float, accuracy: float) -> int:
    """Number of conjugate gradient steps for an error below `accuracy`, for eigenvalues in [1, K]."""
    root = (1 + stiffness) ** 0.5
    return math.ceil(math.log(accuracy / 2) / math.log((root - 1) / (root + 1)))


def implicit_step(method: Staged, f: Field, x: Tensor, h: Tensor | float) -> Tensor:
    """Take one step of an implicit method along f for x of shape (N, d).

    Raises SolveError if the stages do not converge. Matrix products are computed in the precision of the weights, even
    if training uses a lower one.
    """
    with torch.autocast(x.device.type, enabled=False):
        columns = x.to(torch.promote_types(x.dtype, torch.float32)).T
        end: Tensor = method.step(lambda t, y: f(t, y.T).T, 0.0, columns, h, _solve)
        return end.T


def _solve(
    method: Staged, f: Field, t: Any, y: Tensor, h: Any, c: Sequence[float], stage: Callable[[int, Any], Tensor]
) -> list[Tensor]:
    """Solve for the slopes at the stages of the states y (d, N), all evaluated in one call; f is autonomous."""

    def slopes(X: Tensor) -> list[Tensor]:
        return list(f(t, X).chunk(len(c), dim=1))

    def iterate(X: Tensor) -> Tensor:
        K = slopes(X)
        return torch.cat([stage(i, K) for i in range(len(c))], dim=1)

    with torch.no_grad():
        X, count = _fixed_point(iterate, y.repeat(1, len(c)))
    for _ in range(count if torch.is_grad_enabled() else 0):
        X = iterate(X)
    return slopes(X)


def _fixed_point(iterate: Callable[[Tensor], Tensor], X: Tensor) -> tuple[Tensor, int]:
    """Iterate to convergence; returns the stages (d, s N) and the number of iterations."""
    tolerance = _tolerance(X, 0)
    for count in range(1, ITERATIONS + 1):
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


def bounded_resolvent(
    linear: LinearMap, b: Tensor, s: Activation, x: Rounded, g: float, stiffness: float
) -> Rounded:  # fmt: skip
    """`resolvent` on bounds: its last evaluation multiplies the distance to the solution by the stiffness.

    That distance is at most the residual, and the exact map is non-expansive.
    """
    at_zero = float((g * linear.adjoint(s(linear.spread(b))[None])).detach().norm())
    size = x.norms[0] + at_zero
    X = rounded(x, size, unit=x.unit)
    X_next = x - g * linear.adjoint(s(linear(X) + linear.spread(b)))
    residual = TOLERANCE + bounds_of(X - X_next)[1]
    return rounded(x, size, bounds_of(X_next)[1] + stiffness * residual, unit=x.unit)


def bounded_step(method: Staged, f: Field, x: Rounded, h: float, rate: float) -> Tensor:
    """`implicit_step` on bounds, for a stage iteration of the given `rate`; infinite if it need not converge.

    If an iteration makes an error of at most e and the last change is at most c, then the stages have errors of at most
    (rate c + e) / (1 - rate).
    """
    if rate >= 1:
        return rounded(x, math.inf, math.inf, unit=x.unit)
    row = max(sum(map(abs, a)) for one in method.tableaus for a in one.rounded[0])
    at_zero = abs(h) * row * float(f(0.0, torch.zeros(x.shape, dtype=torch.float64)).detach().norm())

    def solve(
        method: Staged, f: Field, t: Any, y: Rounded, h: Any, c: Any, stage: Callable[..., Rounded]
    ) -> list[Tensor]:
        size = (y.norms[0] + at_zero) / (1 - rate)
        slope = f(t, rounded(y, size, unit=y.unit))
        made = max(stage(i, [slope] * len(c)).norms[1] for i in range(len(c)))
        return [f(t, rounded(y, size, (rate * TOLERANCE + made) / (1 - rate), unit=y.unit))] * len(c)

    return method.step(lambda t, y: f(t, y.T).T, 0.0, x.T, h, solve).T


def _tolerance(x: Tensor, dim: int) -> float:
    """Residual tolerance for states x, whose components are on the axis `dim`."""
    return TOLERANCE if x.dtype == torch.float64 else SINGLE * (1 + float(x.norm(dim=dim).max()))
