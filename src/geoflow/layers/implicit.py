"""The implicit stage of a gradient flow: solved to a residual, differentiated where it was solved.

X = x - g A^T s(A X + b) is the minimum of |X - x|^2 / 2 + g V(X), which is strongly convex with
constants 1 and K = 1 + g ||A||^2. Gradient descent with step 2 / (1 + K) therefore converges like
((K - 1) / (K + 1))^k for all weights, and the distance to X is at most the residual F.
"""

import math

import torch
from torch import Tensor

from geoflow.errors import SolveError
from geoflow.layers.activations import Activation
from geoflow.layers.linear import LinearMap

TOLERANCE = 1e-10
"""Norm of the residual that a settled layer (float64) reaches at every state, or it refuses."""
SINGLE = 1e-5  # relative; float32 trains and attacks, it certifies nothing
SWEEPS = 5000


def resolvent(
    linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: Tensor | float, stiffness: float
) -> Tensor:
    """X with X + g A^T s(A X + b) = x, for x of shape (N, d), g > 0 and stiffness = g ||A||^2.

    The derivative is that of the implicit function theorem, (I + g A^T D A)^-1 with
    D = diag(s'(A X + b)), at the X that was found: it is symmetric with eigenvalues in (0, 1]
    wherever that is. Raises SolveError when the residual is not reached.
    """
    fixed = float(g.detach()) if isinstance(g, Tensor) else g
    with torch.no_grad():
        X = _solve(linear, b, s, x, fixed, stiffness)
    X_next = x - g * linear.adjoint(s(linear(X) + linear.spread(b)))
    if X_next.requires_grad:
        slopes = _slopes(s, linear(X) + linear.spread(b))
        count = _sweeps(stiffness, torch.finfo(x.dtype).eps)

        def solve_adjoint(cotangent: Tensor) -> Tensor:
            v = torch.zeros_like(cotangent)
            for _ in range(count):
                Mv = v + fixed * linear.adjoint(slopes * linear(v))
                v = v - 2 / (2 + stiffness) * (Mv - cotangent)
            return v

        X_next.register_hook(solve_adjoint)
    return X_next


def _solve(
    linear: LinearMap, b: Tensor, s: Activation, x: Tensor, g: float, stiffness: float
) -> Tensor:
    double = x.dtype == torch.float64
    tolerance = TOLERANCE if double else SINGLE * (1 + float(x.norm(dim=1).max()))
    X, residual = x, math.inf
    for _ in range(SWEEPS):
        F = X - x + g * linear.adjoint(s(linear(X) + linear.spread(b)))
        residual = float(F.norm(dim=1).max())
        if residual <= tolerance:
            return X
        X = X - 2 / (2 + stiffness) * F
    raise SolveError(
        f"an implicit layer reached the residual {residual:.1e}, expected {tolerance:.1e}; "
        "try a smaller relative_step, or inputs of a smaller size."
    )


def _slopes(s: Activation, u: Tensor) -> Tensor:
    """s'(u), elementwise."""
    with torch.enable_grad():
        u = u.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(s(u).sum(), u)
    return slopes


def _sweeps(stiffness: float, accuracy: float) -> int:
    """Steps of the iteration after which its contraction is below `accuracy`."""
    return max(1, math.ceil(math.log(accuracy) / math.log(stiffness / (2 + stiffness))))
