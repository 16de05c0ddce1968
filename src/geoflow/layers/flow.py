"""Layers that are steps of a method in METHODS along a parametrised vector field.

The property of a layer follows from those of the method and the field. A method with positive contractivity radius and
the gradient of a convex potential give a non-expansive layer; a symplectic method and a Hamiltonian field give a
symplectic layer; every Runge-Kutta method preserves linear invariants. Other layers are bounded by `majorant`.
"""

import math
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, cast

import numpy as np
import torch
from torch import Tensor, nn

from geoflow.ground import Floats, InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import Method
from geoflow.integrators.families.staged import Staged
from geoflow.layers.base import Layer, Random, Size
from geoflow.layers.rounding import Rounded
from geoflow.layers.stages import bounded_step, implicit_step


class Flow(Layer):
    """`substeps` steps of size h along x' = f(x), by the method METHODS[scheme].

    A subclass defines the field and its Lipschitz constant. parts: letters of the parts whose exact flows it
    provides, "AB" for the drift and the kick of a separable Hamiltonian; then x = (q, p).
    """

    parts: ClassVar[str] = ""
    substeps = 1
    h: float

    def __init__(self, shape: Size, scheme: str) -> None:
        super().__init__(shape)
        self.method = layer_method(scheme, self.parts)
        self.register_parameter("free_step", None)

    def set_step(self, h: float | None, draw: Callable[..., Tensor] = torch.rand, *, generator: Random = None) -> None:
        """The step size h or, if it is None, a trained one: |w|, or w itself if it is drawn by `torch.randn`."""
        self.signed = draw is torch.randn
        if h is None:
            self.free_step = nn.Parameter(draw((), generator=generator))
        self.h = 1.0 if h is None else h
        self.settle()

    def settle(self) -> None:
        if self.free_step is not None:
            self.h = float(torch.as_tensor(self.step_size()).detach())

    @abstractmethod
    def field(self, t: float, x: Tensor) -> Tensor:
        """Vector field f(x) for x of shape (N, d)."""

    @abstractmethod
    def field_bound(self) -> float:
        """Upper bound of the Lipschitz constant of f."""

    def vector_field(self, t: float, x: Tensor) -> Tensor:
        """The field under the name that a step expects: it calls this function and `flow` like those of a problem."""
        return self.field(t, x)

    def flow(self, part: str, t: float, x: Tensor, h: Tensor | float) -> Tensor:
        """Exact flow of one of the `parts` over the time h."""
        raise NotImplementedError

    def step_size(self) -> Tensor | float:
        """Step size h; in training an estimate if it depends on the weights."""
        w: Tensor | None = self.free_step
        return self.h if w is None else w if self.signed else w.abs()

    def forward(self, x: Tensor) -> Tensor:
        h = self.step_size()
        for _ in range(self.substeps):
            x = self.advance(x, h)
        return x

    def advance(self, x: Tensor, h: Tensor | float) -> Tensor:
        """Take one step of size h from x, shape (N, d)."""
        if self.method.explicit:
            y: Tensor = self.method.one_step(self)(0.0, x, h)  # type: ignore[arg-type]
            return y
        implicit = cast(Staged, self.method)
        if isinstance(x, Rounded):
            return bounded_step(implicit, self.field, x, self.h, self.stage_rate(abs(self.h) * self.field_bound()))
        return implicit_step(implicit, self.field, x, h)

    def lipschitz_bound(self) -> float:
        return self.step_bound(abs(self.h) * self.field_bound()) ** self.substeps

    def step_bound(self, z: float) -> float:
        """Lipschitz constant of one step, where z = |h| times the Lipschitz constant of the field."""
        return majorant(self.method, z)

    def stage_rate(self, z: float) -> float:
        """z max_i sum_j |a_ij|: below 1 the iteration for the implicit stages converges at this rate."""
        return z * float(_largest(self.method)[0].sum(axis=1).max())


class ImageFlow(Flow):
    """A flow whose explicit steps act on images in the layout `channels_last`, the faster one for few channels."""

    def forward(self, x: Tensor) -> Tensor:
        if isinstance(x, Rounded) or not self.method.explicit:
            return super().forward(x)
        images = x.unflatten(1, self.shape).contiguous(memory_format=torch.channels_last)
        return super().forward(images).flatten(1)


def layer_method(name: str, parts: str = "") -> Method:
    """Return the method `name` for a field that is the sum of the `parts`.

    Runge-Kutta methods need only the field. Raises InputError if the method needs more than the layer provides.
    """
    method = METHODS[name]
    splits = bool(method.substeps) and method.parts == parts and not method.asked
    if method.tableau is not None or splits or (method.tableaus and parts == "AB"):
        return method
    offers = f"has the flows {', '.join(parts)}" if parts else "does not split"
    raise InputError(
        f"{name!r} is not a method for a layer whose field {offers}; try "
        + ("'stormer_verlet' or 'implicit_midpoint'." if parts else "'explicit_euler' or 'rk4'.")
    )


def _largest(method: Method) -> tuple[Floats, Floats]:
    """|A| (s, s) and |b| (s,), the elementwise maximum of both tableaus for a partitioned method."""
    A, b, _ = (np.max(np.abs(both), axis=0) for both in zip(*(x.as_floats() for x in method.tableaus), strict=True))
    return A, b


def majorant(method: Method, z: float) -> float:
    """Lipschitz bound 1 + z sum_i |b_i| k_i, k_i = 1 + z sum_j |a_ij| k_j, for every field with constant z / h."""
    A, b = _largest(method)
    k: Any = np.ones(len(b))
    if method.explicit:
        for _ in b:  # all terms are positive, so there is no cancellation
            k = 1 + z * (A @ k)
    elif max(abs(np.linalg.eigvals(z * A))) < 1:
        k = np.linalg.solve(np.eye(len(b)) - z * A, k)
    else:
        return math.inf
    return 1 + z * float(b @ k)
