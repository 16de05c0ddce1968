"""The largest Jacobian norm found by a search: a lower bound of the Lipschitz constant."""

from collections.abc import Callable

import torch
from torch import Tensor

# Rows times outputs that are differentiated together; the memory is proportional to it.
BATCH = 2560
RADII = (1.0, 0.3, 0.1, 0.03, 0.01)


def jacobian_norms(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Largest singular value of the Jacobian of f at each row of x (N, d), exact up to rounding."""
    with torch.no_grad():
        outputs = f(x[:1]).shape[1]
    parts = x.split(max(BATCH // outputs, 1))
    return torch.cat([torch.linalg.matrix_norm(jacobians(f, part), ord=2) for part in parts])


def jacobians(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Jacobians (N, out, d) of f at the rows of x (N, d); f must map each row independently.

    One backward pass per output for all rows together; f receives plain tensors, so that it may iterate
    until a tolerance is reached.
    """
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        y = f(x).sum(dim=0)  # (out,): the rows are independent
    if not y.requires_grad:
        return torch.zeros(len(x), len(y), x.shape[1], dtype=x.dtype)
    units = torch.eye(len(y), dtype=y.dtype, device=y.device)
    (columns,) = torch.autograd.grad(y, x, units, is_grads_batched=True)
    return columns.transpose(0, 1).detach()


def largest_jacobian_norm(
    f: Callable[[Tensor], Tensor], starts: Tensor, generator: torch.Generator, rounds: int = 10, keep: int = 16
) -> float:
    """Maximise the norm of the Jacobian over inputs by random search from `starts` (N, d) and random points.

    The Jacobian of a piecewise linear network is piecewise constant, so the search samples neighbours at
    several distances around the best points instead of following a gradient.
    """
    points = starts.flatten(1)
    spread = points.std() + 1.0

    def noise(rows: int) -> Tensor:
        shape = (rows, points.shape[1])
        return torch.randn(shape, generator=generator, dtype=torch.float64).to(points.dtype)

    points = torch.cat([points, spread * noise(len(points)), 10 * spread * noise(len(points))])
    norms = jacobian_norms(f, points)
    for _ in range(rounds):
        best = norms.topk(min(keep, len(norms))).indices
        points, norms = points[best], norms[best]
        near = torch.cat([points + radius * noise(len(points)) for radius in RADII])
        points = torch.cat([points, near])
        norms = torch.cat([norms, jacobian_norms(f, near)])
    return float(norms.max())
