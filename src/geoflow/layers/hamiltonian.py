"""Hamiltonian layer: one symplectic Euler step of a separable H(q, p) = T(p) + U(q)."""

import torch
from torch import Tensor, nn

from geoflow.errors import InputError
from geoflow.layers.activations import ACTIVATIONS
from geoflow.layers.base import Layer, Shape, gaussian
from geoflow.layers.norms import norm_upper
from geoflow.registry import lookup


class Hamiltonian(Layer):
    """q' = q + h B^T s(B p + b), then p' = p - h C^T s(C q' + c); x = (q, p), positions first.

    Two shears by gradients. No direction is lost (the Jacobian has determinant 1), none is
    bounded by 1.
    """

    formula = "q += h B^T s(B p + b); p -= h C^T s(C q + c)"
    law = "symplectic: J^T Omega J = Omega"
    condition = "none: holds for all weights and any step"
    reference = "GalimbertiFurieriXuFerrariTrecate2023"
    symplectic = True

    def __init__(
        self,
        shape: int | Shape,
        hidden: int | None = None,
        activation: str = "tanh",
        h: float = 1.0,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(shape)
        dimension = self.dimension
        if dimension % 2:
            raise InputError(
                f"hamiltonian: expected an even dimension (q, p), got {dimension}; "
                f"lift the state to {dimension + 1} first."
            )
        half = dimension // 2
        self.activation = lookup(ACTIVATIONS, activation)
        self.h = h
        self.B = gaussian(hidden or half, half, generator=generator)
        self.C = gaussian(hidden or half, half, generator=generator)
        self.b = nn.Parameter(torch.zeros(hidden or half))
        self.c = nn.Parameter(torch.zeros(hidden or half))

    def forward(self, x: Tensor) -> Tensor:
        q, p = x.chunk(2, dim=1)
        q = q + self.h * self.activation(p @ self.B.T + self.b) @ self.B
        p = p - self.h * self.activation(q @ self.C.T + self.c) @ self.C
        return torch.cat([q, p], dim=1)

    def lipschitz_bound(self) -> float:
        return _shear(self.h, self.B) * _shear(self.h, self.C)


def _shear(h: float, weight: Tensor) -> float:
    """Norm of [[I, S], [0, I]] for the largest ||S|| = |h| ||B||^2: (s + sqrt(s^2 + 4)) / 2."""
    s = abs(h) * norm_upper(weight) ** 2
    return (s + (s * s + 4) ** 0.5) / 2
