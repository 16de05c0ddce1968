"""Quantities of a problem that a general one-step map can use, by name, and their construction."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoflow.ground import InputError
from geoflow.problems import Problem
from geoflow.problems.problem import Function, arguments, takes

NUMBER, VECTOR, MATRIX = "number", "vector", "matrix"


@dataclass(frozen=True, eq=False)
class Offer:
    """A quantity of (t, y). functions: functions of the problem with their signs, whose values are concatenated.

    kind: of the value, with shape (), (size,) or (size, size). constant: value of a constant quantity.
    """

    kind: str
    size: int
    functions: tuple[tuple[Function, int], ...] = ()
    constant: Any = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return {NUMBER: (), VECTOR: (self.size,), MATRIX: (self.size, self.size)}[self.kind]

    def at(self, problem: Problem) -> Any:
        """Return the quantity as a function of (t, y), or the constant itself if it is a vector."""
        if self.constant is not None:
            return self.constant if self.kind == VECTOR else lambda t, y: self.constant
        if self.kind == VECTOR:
            return lambda t, y: np.concatenate([s * _vector(problem.evaluate(f, t, y), y) for f, s in self.functions])
        ((function, _),) = self.functions
        if self.kind == MATRIX:
            return lambda t, y: _rows(problem, function, t, y)
        return lambda t, y: problem.evaluate(function, t, y)


def _vector(value: Any, like: Any) -> Any:
    """Convert `value`, a number or a vector, to a vector of the type of `like`."""
    return value if np.ndim(value) else np.fromiter([value], like.dtype)


def _rows(problem: Problem, function: Function, t: Any, y: Any) -> Any:
    half = problem.dimension // 2
    known = {"t": t, "y": y, "q": y[:half], "p": y[half:]}
    rows = function(**{name: known[name] for name in arguments(function)})
    return np.stack([np.fromiter(row, y.dtype) for row in rows])


def keywords(function: Callable[..., Any]) -> list[str]:
    """Names of the keyword-only arguments of a function."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]


def offered(method: Any, problem: Problem, name: str) -> Offer:
    """Return the quantity `name` of `problem`; if it is missing, the InputError says what must be provided."""
    make, wanted = OFFERED[name]
    offer = make(method, problem)
    if offer is None:
        raise InputError(
            f"method {method.name!r} needs {wanted}, which problem {problem.name!r} does not provide; "
            "try another problem or a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )
    return offer


def _own(name: str, kind: str, size: Callable[[Problem], int]) -> Callable[..., Offer | None]:
    """Constructor of a quantity that is used directly from `offers`."""

    def make(method: Any, problem: Problem) -> Offer | None:
        function = problem.offers.get(name)
        return None if function is None else Offer(kind, size(problem), ((function, 1),))

    return make


def _field(method: Any, problem: Problem) -> Offer:
    if problem.field is not None:
        return Offer(VECTOR, problem.dimension, ((problem.field, 1),))
    assert problem.velocity is not None and problem.force is not None
    return Offer(VECTOR, problem.dimension, ((problem.velocity, 1), (problem.force, 1)))


def _quadratic_field(method: Any, problem: Problem) -> Offer | None:
    quadratic = problem.offers.get("quadratic", False) and problem.autonomous
    return _field(method, problem) if quadratic else None


def _gradient(method: Any, problem: Problem) -> Offer | None:
    if (own := problem.offers.get("gradient")) is not None:
        return Offer(VECTOR, problem.dimension, ((own, 1),))
    if problem.velocity is None or problem.force is None or not problem.autonomous:
        return None
    return Offer(VECTOR, problem.dimension, ((problem.force, -1), (problem.velocity, 1)))


def _hamiltonian(method: Any, problem: Problem) -> Offer | None:
    function = problem.hamiltonian or problem.invariants.get("energy")
    if function is None or takes(function, "t"):
        return None
    return Offer(NUMBER, 1, ((function, 1),))


def _poisson(method: Any, problem: Problem) -> Offer | None:
    d = problem.dimension
    if (own := problem.offers.get("poisson")) is not None:
        return Offer(MATRIX, d, ((own, 1),)) if callable(own) else Offer(MATRIX, d, constant=own)
    if problem.hamiltonian is None or d % 2:
        return None
    return Offer(MATRIX, d, constant=np.kron([[0.0, 1.0], [-1.0, 0.0]], np.eye(d // 2)))


def _invariants(method: Any, problem: Problem) -> Offer | None:
    names = method.invariants or tuple(problem.invariants)
    if not names or set(names) - set(problem.invariants):
        return None
    return Offer(VECTOR, len(names), tuple((problem.invariants[name], 1) for name in names))


def _frequencies(method: Any, problem: Problem) -> Offer | None:
    omegas = problem.offers.get("frequencies")
    if omegas is None:
        return None
    return Offer(VECTOR, problem.dimension // 2, constant=np.array(omegas, dtype=np.float64))


def _clocked_field(method: Any, problem: Problem) -> Offer | None:
    return _field(method, problem) if "density" in problem.offers else None


OFFERED: dict[str, tuple[Callable[..., Offer | None], str]] = {
    "field": (_field, "a field"),
    "quadratic_field": (_quadratic_field, "a quadratic field (`quadratic` in `offers`)"),
    "clocked_field": (_clocked_field, "a state (q, p, t, rho) with its `density` in `offers`"),
    "density": (
        _own("density", NUMBER, lambda problem: 1),
        "the step density rho(y) of a state (q, p, t, rho) (`density` in `offers`)",
    ),
    "gradient": (_gradient, "the gradient of H (`gradient` in `offers`, or `velocity` and `force` without time)"),
    "hamiltonian": (_hamiltonian, "a `hamiltonian` or the invariant 'energy', without time"),
    "poisson": (
        _poisson,
        "B(y) with y' = B(y) grad H(y) (`poisson` in `offers`, a matrix where B is constant, or a `hamiltonian`)",
    ),
    "invariants": (_invariants, "the invariants to project onto"),
    "rotation": (
        _own("rotation", VECTOR, lambda problem: 3),
        "a(y) with y' = a(y) x y in R^3 (`rotation` in `offers`)",
    ),
    "magnetic_field": (
        _own("magnetic_field", VECTOR, lambda problem: 3),
        "`magnetic_field` B(q) in `offers`, for y = (x, v)",
    ),
    "electric_field": (
        _own("electric_field", VECTOR, lambda problem: 3),
        "`electric_field` E(q) in `offers`, for y = (x, v)",
    ),
    "frequencies": (_frequencies, "`frequencies` omega_i in `offers`, with p' = -omega^2 q + g(t, q)"),
    "slow_force": (
        _own("slow_force", VECTOR, lambda problem: problem.dimension // 2),
        "`slow_force` g(t, q) in `offers`, with p' = -omega^2 q + g(t, q)",
    ),
}
