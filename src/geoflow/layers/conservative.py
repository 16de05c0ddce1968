"""Mass-preserving layers: the sum of all components is invariant, also under projection after zero padding."""

import math

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
    one component to another. `triangle`: F is s(C s(A x + b) + c) above the diagonal and zero elsewhere, with the
    initial weights of MurariCode2025.
    """

    formula = "x + h (F(x) - F(x)^T) 1, F(x) = C s(A x + b)"
    law = "mass-preserving: 1^T phi(x) = 1^T x"
    condition = "none: holds for all weights, any step and any scheme"
    reference = "Murari2025"
    balance: Tensor

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "tanh", h: float | None = 0.1,
        scheme: str = "explicit_euler", triangle: bool = False, *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        dimension = self.dimension
        self.activation, self.triangle, wide = ACTIVATIONS[activation], triangle, hidden or dimension
        self.A = gaussian(wide, dimension, generator=generator)
        entries = torch.ones(dimension, dimension).triu(1) if triangle else torch.ones(dimension, dimension)
        to, source = entries.nonzero().T
        rows, unit = len(to), torch.eye(dimension)
        self.register_buffer("balance", unit[to] - unit[source], persistent=False)  # (F - F^T) 1 = balance^T F
        self.C = gaussian(rows, wide, generator=generator)
        self.b = nn.Parameter(torch.zeros(wide))
        self.c: Tensor | float = 0.0
        if triangle:
            self.c = c = nn.Parameter(torch.zeros(rows))
            with torch.no_grad():
                for w, fan_in in ((self.A, dimension), (self.C, wide), (c, wide)):
                    w.uniform_(-(fan_in**-0.5), fan_in**-0.5, generator=generator)
                self.b.normal_(generator=generator)
        self.set_step(h, torch.randn, generator=generator)

    def field(self, t: float, x: Tensor) -> Tensor:
        F = self.activation(x @ self.A.T + self.b) @ self.C.T + self.c  # (N, entries of F)
        return (self.activation(F) if self.triangle else F) @ self.balance

    def field_bound(self) -> float:
        C = self.C.double()
        inner = [self.balance.T.to(C), C] if self.triangle else [self.balance.T.to(C) @ C]
        return math.prod(map(norm_upper, [*inner, self.A]))


class Collect(Layer):
    """Mass-preserving projection (x, z) -> x + sum(z) / dim(x), which inverts zero padding."""

    formula = "x + (1^T z / out) 1"
    law = "mass-preserving: 1^T phi(x, z) = 1^T (x, z)"
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
