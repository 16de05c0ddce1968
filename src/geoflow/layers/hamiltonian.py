"""Hamiltonian layer: a symplectic step of a separable H(q, p) = T(p) + U(q)."""

import math

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Random, Size, gaussian
from geoflow.layers.flow import Flow
from geoflow.layers.norms import norm_upper
from geoflow.theory.structure import symplectic


class Hamiltonian(Flow):
    """q' = B^T s(B p + b), p' = -C^T s(C q + c); x = (q, p), positions first.

    By default symplectic Euler: a drift, then a kick, which are two shears. The Jacobian of a symplectic
    step has determinant 1, so that it is invertible, but it is not non-expansive. With a method that is
    not symplectic, the attribute `symplectic` is False.
    """

    formula = "q += h B^T s(B p + b); p -= h C^T s(C q + c)"
    law = "symplectic: J^T Omega J = Omega"
    condition = "the method is symplectic; holds for all weights and any step"
    reference = "GalimbertiFurieriXuFerrariTrecate2023"
    symplectic = True  # with the default scheme
    parts = "AB"

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "tanh", h: float | None = 1.0,
        scheme: str = "symplectic_euler_adjoint", *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        if self.dimension % 2:
            raise InputError(
                f"hamiltonian: expected an even dimension (q, p), got {self.dimension}; "
                f"lift the state to {self.dimension + 1} first."
            )
        half = self.dimension // 2
        self.activation = ACTIVATIONS[activation]
        self.symplectic = bool(symplectic(self.method))
        self.B = gaussian(hidden or half, half, generator=generator)
        self.C = gaussian(hidden or half, half, generator=generator)
        self.b = nn.Parameter(torch.zeros(hidden or half))
        self.c = nn.Parameter(torch.zeros(hidden or half))
        self.set_step(h, generator=generator)

    def velocity(self, p: Tensor, h: Tensor | float = 1.0) -> Tensor:
        """Scaled gradient h T'(p)."""
        return h * self.activation(p @ self.B.T + self.b) @ self.B

    def slope(self, q: Tensor, h: Tensor | float = 1.0) -> Tensor:
        """Scaled gradient h U'(q)."""
        return h * self.activation(q @ self.C.T + self.c) @ self.C

    def field(self, t: float, x: Tensor) -> Tensor:
        q, p = x.chunk(2, dim=1)
        return torch.cat([self.velocity(p), -self.slope(q)], dim=1)

    def flow(self, part: str, t: float, x: Tensor, h: Tensor | float) -> Tensor:
        """Exact flow of a part: "A" is the drift, "B" the kick."""
        q, p = x.chunk(2, dim=1)
        if part == "A":
            return torch.cat([q + self.velocity(p, h), p], dim=1)
        return torch.cat([q, p - self.slope(q, h)], dim=1)

    def field_bound(self) -> float:
        return max(norm_upper(self.B), norm_upper(self.C)) ** 2

    def lipschitz_bound(self) -> float:
        if not self.method.substeps:
            return super().lipschitz_bound()
        stiffness = {"A": norm_upper(self.B) ** 2, "B": norm_upper(self.C) ** 2}
        return math.prod(_shear(abs(self.h * float(a)) * stiffness[part]) for part, a in self.method.substeps)


def _shear(s: float) -> float:
    """Spectral norm (s + sqrt(s^2 + 4)) / 2 of [[I, S], [0, I]] with ||S|| = s."""
    return (s + (s * s + 4) ** 0.5) / 2
