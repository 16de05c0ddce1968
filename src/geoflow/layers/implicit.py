"""The implicit stage of a gradient flow: solved to a residual, differentiated where it was solved.

X = x - g A^T s(A X + b) is the minimum of |X - x|^2 / 2 + g V(X), which is strongly convex with
constants 1 and K = 1 + g ||A||^2. Gradient descent with step 2 / (1 + K) therefore converges like
((K - 1) / (K + 1))^k for all weights, and the distance to X is at most the residual F.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from geoflow.ground import SolveError
from geoflow.layers.activate import Activation
from geoflow.layers.linear import LinearMap

TOLERANCE = 1e-10
"""Norm of the residual that a settled layer (float64) reaches at every state, or it refuses."""
SINGLE = 1e-5  # relative; float32 trains and attacks, it certifies nothing
SWEEPS = 5000


def resolvent(linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: Tensor | float, stiffness: float) -> Tensor:
    """X with X + g A^T s(A X + b) = x, for x of shape (N, d), g > 0 and stiffness = g ||A||^2.

    The derivative is that of the implicit function theorem, (I + g A^T D A)^-1 with D = diag(s'(A X + b)), at the X
    that was found: it is symmetric with eigenvalues in (0, 1] wherever that is. Raises SolveError when the residual is
    not reached. Products are taken in the precision of b even where training asks for a lower one: no residual below
    its rounding would ever be reached.
    """
    fixed = float(g.detach()) if isinstance(g, Tensor) else g
    with torch.autocast(x.device.type, enabled=False):
        x = x.to(b.dtype)
        with torch.no_grad():
            X, stiffness = _solve(linear, b, s, x, fixed, stiffness)
        u = linear(X) + linear.spread(b)
        X_next = x - g * linear.adjoint(s(u))
    if X_next.requires_grad:
        slopes = _slopes(s, u)

        def multiply(v: Tensor) -> Tensor:
            return v + fixed * linear.adjoint(slopes * linear(v))

        count = _sweeps(stiffness, torch.finfo(x.dtype).eps)
        X_next.register_hook(lambda cotangent: _conjugate_gradients(multiply, cotangent, count))
    return X_next


def _solve(linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: float, stiffness: float) -> tuple[Tensor, float]:
    """X, and the stiffness with which the iteration went down.

    With K right, the residual of every state falls in every step; when it does not, the estimate
    of the norm, as training has it, was too small.
    """
    double = x.dtype == torch.float64
    tolerance = TOLERANCE if double else SINGLE * (1 + float(x.norm(dim=1).max()))
    X, residual = x, math.inf
    for _ in range(SWEEPS):
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
    """M^-1 right for each row, M symmetric and at least I, by `count` steps.

    The count is fixed, because a derivative may be asked for many rows in one call.
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
    """s'(u), elementwise."""
    with torch.enable_grad():
        u = u.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(s(u).sum(), u)
    return slopes


def _sweeps(stiffness: float, accuracy: float) -> int:
    """Conjugate gradients after which the error is below `accuracy`, for eigenvalues in [1, K]."""
    root = (1 + stiffness) ** 0.5
    return math.ceil(math.log(accuracy / 2) / math.log((root - 1) / (root + 1)))
