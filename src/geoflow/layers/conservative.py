"""Mass-preserving layers: the sum of all components is invariant, also under projection after zero padding."""

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Layer, Random, Size, gaussian
from geoflow.layers.flow import Flow
from geoflow.layers.norms import norm_upper


class Conservative(Flow):
    """Steps of x' = (F(x) - F(x)^T) 1 with an arbitrary matrix F(x) = C s(A x + b).

    1^T (F - F^T) 1 = 0, and every Runge-Kutta method preserves linear invariants: F_ij is the flux from
    one component to another.
    """

    formula = "x + h (F(x) - F(x)^T) 1, F(x) = C s(A x + b)"
    law = "mass-preserving: 1^T phi(x) = 1^T x"
    condition = "none: holds for all weights, any step and any scheme"
    reference = "Murari2025"

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "tanh", h: float = 0.1,
        scheme: str = "explicit_euler", *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        dimension = self.dimension
        self.activation, self.h = ACTIVATIONS[activation], h
        self.A = gaussian(hidden or dimension, dimension, generator=generator)
        self.C = gaussian(dimension * dimension, hidden or dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(hidden or dimension))

    def field(self, t: float, x: Tensor) -> Tensor:
        flows = self.activation(x @ self.A.T + self.b) @ self.C.T
        F = flows.unflatten(1, (self.dimension, self.dimension))  # (N, to, from)
        return F.sum(dim=2) - F.sum(dim=1)

    def field_bound(self) -> float:
        C = self.C.unflatten(0, (self.dimension, self.dimension))
        balance = C.sum(dim=1) - C.sum(dim=0)  # (d, hidden)
        return norm_upper(balance) * norm_upper(self.A)


class Collect(Layer):
    """Mass-preserving projection (x, z) -> x + sum(z) / dim(x), which inverts zero padding."""

    formula = "x + (1^T z / out) 1"
    law = "mass-preserving: 1^T phi(x, z) = 1^T (x, z)"
    condition = "none"
    reference = "Murari2025"

    def __init__(self, shape: Size, out: int | None = None, *, generator: Random = None) -> None:
        super().__init__(shape, out)
        if not 1 <= self.dimension_out <= self.dimension:
            raise InputError(f"collect: expected 1 to {self.dimension} dimensions, got {out}; lift to go up.")

    def forward(self, x: Tensor) -> Tensor:
        out = self.dimension_out
        return x[:, :out] + x[:, out:].sum(dim=1, keepdim=True) / out

    def lipschitz_bound(self) -> float:
        out = self.dimension_out
        shared = torch.ones(out, self.dimension - out, dtype=torch.float64) / out
        return norm_upper(torch.cat([torch.eye(out, dtype=torch.float64), shared], dim=1))
