"""Gradient-flow layer: steps of a Runge-Kutta method along the gradient of a convex potential."""

import math

import torch
from torch import Tensor, nn

from geoflow.analysis.radii import contractivity_radius
from geoflow.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import RungeKutta
from geoflow.integrators.step import step
from geoflow.layers.activations import ACTIVATIONS
from geoflow.layers.base import Layer, Shape, image_shape
from geoflow.layers.implicit import TOLERANCE, resolvent
from geoflow.layers.linear import Convolution, LinearMap, Matrix
from geoflow.registry import lookup


class GradientFlow(Layer):
    """Steps of x' = -A^T s(A x + b) = -grad V(x), with V(x) = sum_i S((A x + b)_i) and S' = s.

    V is convex and ||A||^2-smooth, so a method of contractivity radius r is non-expansive for
    h <= 2 r / ||A||^2. `relative_step` is h in units of that limit: above 1 the law is lost. An
    algebraically stable method (implicit Euler, implicit midpoint) has no limit; its unit is that
    of explicit Euler, r = 1. `substeps` steps share the weights.
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
        shape: int | Shape,
        hidden: int | None = None,
        activation: str = "relu",
        scheme: str = "explicit_euler",
        relative_step: float = 1.0,
        substeps: int = 1,
        *,
        linear: LinearMap | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(shape)
        self.method = layer_scheme(scheme)
        self.radius = contractivity_radius(self.method) or 0.0
        if not self.radius > 0:
            raise InputError(
                f"gradient_flow needs a scheme of positive contractivity radius, {scheme} has none;"
                " try 'explicit_euler', 'heun_2' or 'rk4'."
            )
        if not relative_step > 0 or substeps < 1:
            raise InputError(
                "gradient_flow: expected relative_step > 0 and substeps >= 1, "
                f"got {relative_step} and {substeps}; try 1."
            )
        self.activation = lookup(ACTIVATIONS, activation)
        self.relative_step, self.substeps = relative_step, substeps
        self.A = linear or Matrix(self.dimension, hidden or self.dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.A.rows))
        self.h = 0.0
        self.settle()

    def settle(self) -> None:
        self.h = float(self._longest(self.A.upper()))

    def _longest(self, norm: Tensor | float) -> Tensor | float:
        unit = self.radius if math.isfinite(self.radius) else 1.0
        return self.relative_step * 2 * unit / (norm * norm)

    def field(self, t: float, x: Tensor) -> Tensor:
        """-grad V(x) for x of shape (N, d)."""
        return -self.A.adjoint(self.activation(self.A(x) + self.A.spread(self.b)))

    def forward(self, x: Tensor) -> Tensor:
        h = self._longest(self.A.estimate()) if self.training else self.h
        for _ in range(self.substeps):
            if self.method.explicit:
                x = step(self.method, self.field, 0.0, x, h)
            else:
                x = self._implicit_step(x, h)
        return x

    def _implicit_step(self, x: Tensor, h: Tensor | float) -> Tensor:
        """y = x + (X - x) / a for the only stage X = x + a h f(X)."""
        a = float(self.method.A[0][0])
        stiffness = a * float(self._longest(1.0))  # a h ||A||^2, for the norm from which h was set
        stage = resolvent(self.A, self.b, self.activation, x, a * h, stiffness)
        return x + (stage - x) / a

    def lipschitz_bound(self) -> float:
        z = self.h * self.A.upper() ** 2
        # The margin of `upper` is wider than this rounding of z.
        if z <= 2 * self.radius * (1 + 1e-12):
            return 1.0
        if self.method.stages == 1:
            # The Jacobian I - h A^T D A, 0 <= D <= I, has eigenvalues in [1 - z, 1].
            return (z - 1) ** self.substeps
        return _majorant(self.method, z) ** self.substeps

    def error_bound(self) -> float:
        """Each implicit step adds h ||A||^2 times the residual, and later ones do not enlarge it."""
        if self.method.explicit:
            return 0.0
        return self.substeps * self.h * self.A.upper() ** 2 * TOLERANCE


class ConvolutionalFlow(GradientFlow):
    """`GradientFlow` with a zero-padded convolution A of images.

    ||A|| is bounded on the padded torus. `hidden` channels lie inside; b has one number a channel.
    """

    formula = "x - h A^T s(A x + b), A a convolution"
    reference = "Meunier2022"

    def __init__(
        self,
        shape: int | Shape,
        hidden: int | None = None,
        kernel: int = 3,
        activation: str = "relu",
        scheme: str = "explicit_euler",
        relative_step: float = 1.0,
        substeps: int = 1,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        linear = Convolution(
            image_shape(shape, "convolutional_flow"), hidden, kernel, generator=generator
        )
        super().__init__(
            shape,
            activation=activation,
            scheme=scheme,
            relative_step=relative_step,
            substeps=substeps,
            linear=linear,
        )


def layer_scheme(name: str) -> RungeKutta:
    """The explicit Runge-Kutta method called `name`, or implicit Euler or midpoint.

    Raises InputError for any other kind.
    """
    method = lookup(METHODS, name)
    if not isinstance(method, RungeKutta) or not (method.explicit or method.stages == 1):
        raise InputError(
            f"a layer needs an explicit Runge-Kutta method or one implicit stage, {name} has "
            "neither; try 'explicit_euler' or 'implicit_midpoint'."
        )
    return method


def _majorant(method: RungeKutta, z: float) -> float:
    """1 + z sum_i |b_i| k_i with k_i = 1 + z sum_j |a_ij| k_j, for any field of constant z / h."""
    A, b, _ = method.as_floats()
    k: list[float] = []
    for row in abs(A):
        k.append(1 + z * sum(a * k_j for a, k_j in zip(row, k, strict=False)))
    return 1 + z * float(abs(b) @ k)
