"""A network is a composition of steps: a layer is a field with parameters and a method of the table.

The certificate is what the method's property makes of the field's: a contractivity radius and the gradient of a
convex potential give a non-expansive layer, a symplectic method and a Hamiltonian field a symplectic one, any
Runge-Kutta method keeps the linear invariants. What nothing else bounds is bounded by `majorant`.
"""

import math
from abc import abstractmethod
from functools import partial
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from geoflow.ground import Floats, InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import QUADRATIC, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.layers.base import Layer, Size
from geoflow.layers.stages import implicit_step, solver_error

FlowMethod = RungeKutta | PartitionedRungeKutta | Splitting


class Flow(Layer):
    """`substeps` steps of length h along x' = f(x), by the method that METHODS has under the name `scheme`.

    A subclass states the field and its Lipschitz constant. `parts`: letters of the parts whose exact flows it
    offers, "AB" for the drift and the kick of a separable Hamiltonian; then x = (q, p).
    """

    parts: ClassVar[str] = ""
    substeps = 1
    h: float

    def __init__(self, shape: Size, scheme: str) -> None:
        super().__init__(shape)
        self.method = layer_method(scheme, self.parts)

    @abstractmethod
    def field(self, t: float, x: Tensor) -> Tensor:
        """f(x) for x of shape (N, d)."""

    @abstractmethod
    def field_bound(self) -> float:
        """An upper bound of the Lipschitz constant of f."""

    def flow(self, part: str, t: float, x: Tensor, h: Tensor | float) -> Tensor:
        """The exact flow of one of the `parts` over the time h."""
        raise NotImplementedError

    def step_size(self) -> Tensor | float:
        """h; an estimate in training, where it depends on the weights."""
        return self.h

    def forward(self, x: Tensor) -> Tensor:
        h = self.step_size()
        for _ in range(self.substeps):
            x = self.advance(x, h)
        return x

    def advance(self, x: Tensor, h: Tensor | float) -> Tensor:
        """One step."""
        if isinstance(self.method, Splitting):
            flows = {part: partial(self.flow, part) for part in self.parts}
            y: Tensor = self.method.step(flows, 0.0, x, h)
            return y
        if self.method.explicit and isinstance(self.method, RungeKutta):
            y = self.method.step(self.field, 0.0, x, h)
            return y
        return implicit_step(self.method, self.field, x, h)

    def lipschitz_bound(self) -> float:
        return self.step_bound(abs(self.h) * self.field_bound()) ** self.substeps

    def step_bound(self, z: float) -> float:
        """A Lipschitz constant of one step for z = |h| times that of the field."""
        return majorant(self.method, z)

    def error_bound(self) -> float:
        if self.method.explicit:
            return 0.0
        z = abs(self.h) * self.field_bound()
        return self.step_error(z) * sum(self.step_bound(z) ** k for k in range(self.substeps))

    def step_error(self, z: float) -> float:
        """How far one step of an implicit method may be from the exact one, for z as in `step_bound`."""
        return solver_error(*_largest(self.method), z)


def layer_method(name: str, parts: str = "") -> FlowMethod:
    """The method called `name`, for a field that is the sum of the `parts`; raises InputError for one that needs more.

    A Runge-Kutta method needs the field alone.
    """
    method = METHODS[name]
    splits = isinstance(method, Splitting) and method.parts == parts and method.needs != QUADRATIC
    if isinstance(method, RungeKutta) or splits:
        return method  # type: ignore[return-value]
    if isinstance(method, PartitionedRungeKutta) and parts == "AB":
        return method
    offers = f"offers the flows {', '.join(parts)}" if parts else "does not split"
    raise InputError(
        f"{name!r} is no method for a layer whose field {offers}; try "
        + ("'stormer_verlet' or 'implicit_midpoint'." if parts else "'explicit_euler' or 'rk4'.")
    )


def _largest(method: FlowMethod) -> tuple[Floats, Floats]:
    """|A| (s, s) and |b| (s,), the larger of both tableaus in a pair."""
    assert not isinstance(method, Splitting)
    A, b, _ = (np.max(np.abs(both), axis=0) for both in zip(*(x.as_floats() for x in method.tableaus), strict=True))
    return A, b


def majorant(method: FlowMethod, z: float) -> float:
    """1 + z sum_i |b_i| k_i with k_i = 1 + z sum_j |a_ij| k_j, for any field of constant z / h."""
    A, b = _largest(method)
    k: Any = np.ones(len(b))
    if method.explicit:
        for _ in b:  # sums of positive numbers alone: exact to round-off for any z
            k = 1 + z * (A @ k)
    elif max(abs(np.linalg.eigvals(z * A))) < 1:
        k = np.linalg.solve(np.eye(len(b)) - z * A, k)
    else:
        return math.inf
    return 1 + z * float(b @ k)
