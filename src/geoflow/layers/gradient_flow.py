"""Gradient-flow layer: one Runge-Kutta step along the gradient of a convex potential."""

import torch
from torch import Tensor, nn

from geoflow.analysis.radii import contractivity_radius
from geoflow.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import RungeKutta
from geoflow.integrators.step import step
from geoflow.layers.activations import ACTIVATIONS
from geoflow.layers.base import Layer, gaussian
from geoflow.layers.norms import PowerIteration, norm_upper
from geoflow.registry import lookup


class GradientFlow(Layer):
    """One step of x' = -A^T s(A x + b) = -grad V(x), with V(x) = sum_i S((A x + b)_i) and S' = s.

    V is convex and ||A||^2-smooth, so a method of contractivity radius r is non-expansive for
    h <= 2 r / ||A||^2. `relative_step` is h in units of that limit: above 1 the law is lost.
    """

    formula = "x - h A^T s(A x + b)"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = (
        "h <= 2 r / ||A||^2, r the contractivity radius of the scheme; s nondecreasing, 1-Lipschitz"
    )
    reference = "DahlquistJeltsch1979"
    non_expansive = True

    def __init__(
        self,
        dimension: int,
        hidden: int | None = None,
        activation: str = "relu",
        scheme: str = "explicit_euler",
        relative_step: float = 1.0,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(dimension)
        self.method = explicit_scheme(scheme)
        self.radius = contractivity_radius(self.method) or 0.0
        if not self.radius > 0:
            raise InputError(
                f"gradient_flow needs a scheme of positive contractivity radius, {scheme} has none;"
                " try 'explicit_euler', 'heun_2' or 'rk4'."
            )
        if not relative_step > 0:
            raise InputError(
                f"gradient_flow: expected relative_step > 0, got {relative_step}; try 1."
            )
        self.activation = lookup(ACTIVATIONS, activation)
        self.relative_step = relative_step
        self.A = gaussian(hidden or dimension, dimension, generator=generator)  # (hidden, d)
        self.b = nn.Parameter(torch.zeros(hidden or dimension))
        self.estimate = PowerIteration(hidden or dimension, generator=generator)
        self.h = 0.0
        self.settle()

    def settle(self) -> None:
        self.h = float(self._longest(norm_upper(self.A)))

    def _longest(self, norm: Tensor | float) -> Tensor | float:
        return self.relative_step * 2 * self.radius / (norm * norm)

    def field(self, t: float, x: Tensor) -> Tensor:
        """-grad V(x) for x of shape (N, d)."""
        return -self.activation(x @ self.A.T + self.b) @ self.A

    def forward(self, x: Tensor) -> Tensor:
        h = self._longest(self.estimate(self.A)) if self.training else self.h
        return step(self.method, self.field, 0.0, x, h)

    def lipschitz_bound(self) -> float:
        z = self.h * norm_upper(self.A) ** 2
        # The margin of `norm_upper` is wider than this rounding of z.
        if z <= 2 * self.radius * (1 + 1e-12):
            return 1.0
        if self.method.stages == 1:
            return z - 1  # the Jacobian I - h A^T D A, 0 <= D <= I, has eigenvalues in [1 - z, 1]
        return _majorant(self.method, z)


def explicit_scheme(name: str) -> RungeKutta:
    """The explicit Runge-Kutta method called `name`; raises InputError for any other kind."""
    method = lookup(METHODS, name)
    if not isinstance(method, RungeKutta) or not method.explicit:
        raise InputError(
            f"a layer needs an explicit Runge-Kutta method, {name} is none; try 'explicit_euler'."
        )
    return method


def _majorant(method: RungeKutta, z: float) -> float:
    """1 + z sum_i |b_i| k_i with k_i = 1 + z sum_j |a_ij| k_j, for any field of constant z / h."""
    A, b, _ = method.as_floats()
    k: list[float] = []
    for row in abs(A):
        k.append(1 + z * sum(a * k_j for a, k_j in zip(row, k, strict=False)))
    return 1 + z * float(abs(b) @ k)
