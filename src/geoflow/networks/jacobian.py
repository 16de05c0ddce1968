"""The largest Jacobian norm that a search finds: a lower bound of the Lipschitz constant."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import jacrev, vmap

CHUNK = 256
RADII = (1.0, 0.3, 0.1, 0.03, 0.01)


def jacobian_norms(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Largest singular value of the Jacobian of f at each row of x (N, d), exact up to
    round-off."""

    def one(row: Tensor) -> Tensor:
        return f(row[None]).squeeze(0)

    jacobians = vmap(jacrev(one), chunk_size=CHUNK)(x)  # (N, out, d)
    return torch.linalg.matrix_norm(jacobians.detach(), ord=2)


def largest_jacobian_norm(
    f: Callable[[Tensor], Tensor],
    starts: Tensor,
    generator: torch.Generator,
    rounds: int = 10,
    keep: int = 16,
) -> float:
    """Hill climbing on the norm of the Jacobian over inputs, from `starts` (N, d) and random
    points.

    Piecewise linear networks have a piecewise constant Jacobian, so the search draws neighbours at
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
