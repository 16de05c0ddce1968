"""Gradient-flow layer: steps of a Runge-Kutta method along the gradient of a convex potential."""

import math

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.integrators.families import RungeKutta
from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Random, Size, image_shape
from geoflow.layers.flow import Flow, ImageFlow, majorant
from geoflow.layers.linear import Convolution, LinearMap, Matrix
from geoflow.layers.norms import SMALLEST
from geoflow.layers.rounding import Rounded
from geoflow.layers.stages import bounded_resolvent, resolvent
from geoflow.theory.radii import contractivity_radius


class GradientFlow(Flow):
    """Steps of x' = -A^T s(A x + b) = -grad V(x), with V(x) = sum_i S((A x + b)_i) and S' = s.

    V is convex and ||A||^2-smooth, so a method of contractivity radius r is non-expansive for
    h <= 2 r / ||A||^2. `relative_step` is h in units of this limit; above 1 the law need not hold. An
    algebraically stable method (implicit Euler, implicit midpoint) has no limit; its unit is that
    of explicit Euler, r = 1. All `substeps` steps share the weights.

    time: total time of the steps, in place of `substeps`; their number is then the least with which each is within the
    limit. power_steps: number of power iterations whose estimate of ||A|| determines it (MurariCode2025), a lower bound
    that is not certified; 0 for the upper bound.
    """

    formula = "x - h A^T s(A x + b)"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "h <= 2 r / ||A||^2, r the contractivity radius of the scheme; s nondecreasing, 1-Lipschitz"
    reference = "DahlquistJeltsch1979"
    non_expansive = True
    method: RungeKutta
    u: Tensor

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "relu",
        scheme: str = "explicit_euler", relative_step: float = 1.0, substeps: int = 1, time: float | None = None,
        power_steps: int = 0, *, linear: LinearMap | None = None, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        self.radius = contractivity_radius(self.method) or 0.0
        if not self.radius > 0:
            raise InputError(
                f"gradient_flow needs a scheme with positive contractivity radius, got {scheme};"
                " try 'explicit_euler', 'heun_2' or 'rk4'."
            )
        if not relative_step > 0 or substeps < 1 or not (time is None or time > 0) or power_steps < 0:
            raise InputError(
                "gradient_flow: expected relative_step > 0, substeps >= 1, time > 0 or none and power_steps >= 0, "
                f"got {relative_step}, {substeps}, {time} and {power_steps}; try 1."
            )
        self.activation = ACTIVATIONS[activation]
        self.relative_step, self.substeps, self.time, self.power_steps = relative_step, substeps, time, power_steps
        self.z = relative_step * 2 * (self.radius if math.isfinite(self.radius) else 1.0)
        self.A = linear or Matrix(self.dimension, hidden or self.dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.A.rows))
        if not self.method.explicit and self.method.stages > 1 and self.stage_rate(self.z) >= 1:
            raise InputError(
                f"gradient_flow: the iteration for the stages of {scheme} does not converge with"
                f" relative_step = {relative_step}; try {relative_step / 4}."
            )
        if power_steps:
            self.register_buffer("u", torch.randn(1, self.dimension, generator=generator))
        self.settle()

    def settle(self) -> None:
        norm = self._power_norm(self.power_steps) if self.power_steps else self.A.upper()
        self.h = float(self._step_for(norm))

    @torch.no_grad()
    def _power_norm(self, iterations: int) -> float:
        """Estimate ||A|| <- |A^T A u|^(1/2) for a unit vector u, which is stored and continued from."""
        for _ in range(iterations):
            self.u = torch.nn.functional.normalize(self.u)
            self.u = self.A.adjoint(self.A(self.u))
        return max(float(self.u.norm()) ** 0.5, SMALLEST)

    def _step_for(self, norm: Tensor | float) -> Tensor | float:
        """Step size h = z / ||A||^2 for a bound or estimate `norm` of ||A||, or an equal part of `time` within it."""
        if self.time is None:
            return self.z / (norm * norm)
        norm = float(torch.as_tensor(norm).detach())
        self.substeps = max(math.ceil(self.time * norm**2 / self.z), 1)
        return self.time / self.substeps

    def step_size(self) -> Tensor | float:
        if not self.training:
            return self.h
        return self._step_for(self._power_norm(1) if self.power_steps else self.A.estimate())

    def field(self, t: float, x: Tensor) -> Tensor:
        """-grad V(x)."""
        return -self.A.adjoint(self.activation(self.A.affine(x, self.b)))

    def field_bound(self) -> float:
        return self.A.upper() ** 2

    def advance(self, x: Tensor, h: Tensor | float) -> Tensor:
        """Take one step; for one implicit stage solve X = x + a h f(X), then y = x + (X - x) / a."""
        if self.method.explicit or self.method.stages > 1:
            return super().advance(x, h)
        a = float(self.method.A[0][0])
        # a z is the stiffness a h ||A||^2, in the norm from which h was computed.
        if isinstance(x, Rounded):
            stage: Tensor = bounded_resolvent(self.A, self.b, self.activation, x, a * self.h, a * self.z)
        else:
            stage = resolvent(self.A, self.b, self.activation, x, a * h, a * self.z)
        return x + (stage - x) / a

    def step_bound(self, z: float) -> float:
        # The margin of `upper` is larger than this rounding error of z.
        if z <= 2 * self.radius * (1 + 1e-12):
            return 1.0
        # Explicit Euler: the Jacobian I - h A^T D A, 0 <= D <= I, has eigenvalues in [1 - z, 1].
        return z - 1 if self.method.stages == 1 else majorant(self.method, z)


class ConvolutionalFlow(ImageFlow, GradientFlow):
    """`GradientFlow` with a zero-padded convolution A of images.

    ||A|| is bounded on the padded torus. hidden: number of inner channels; b has one entry per channel.
    """

    formula = "x - h A^T s(A x + b), A a convolution"
    reference = "Meunier2022"

    def __init__(
        self, shape: Size, hidden: int | None = None, kernel: int = 3, activation: str = "relu",
        scheme: str = "explicit_euler", relative_step: float = 1.0, substeps: int = 1, time: float | None = None,
        power_steps: int = 0, *, generator: Random = None,
    ) -> None:  # fmt: skip
        images = image_shape(shape, "convolutional_flow")
        linear = Convolution(images, hidden, kernel, generator=generator)
        given = (activation, scheme, relative_step, substeps, time, power_steps)
        super().__init__(shape, None, *given, linear=linear)
