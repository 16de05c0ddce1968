"""The class of problems: an equation, its structure, its invariants and, if known, its solution.

The functions of a problem are ordinary Python over components. They take any of `t`, `y`, `q`, `p` by name
and return a tuple of components, or an array that was created by `zeros_like` and filled by loops.
A method never checks the name of a problem; it checks which functions the problem provides.
"""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import InputError, Table, nearest
from geoflow.ground.floats import is_finite, real_array

State = Any
Function = Callable[..., Any]


@dataclass(frozen=True, eq=False, repr=False)
class Problem:
    """y' = f(t, y), y(span[0]) = y0.

    Either `field` f(t, y) is given, or, for H(q, p, t) = T(p) + U(q, t) with y = (q, p), positions first, the two
    halves `velocity` = T'(p) and `force` = -U'(q, t). `hamiltonian`, `invariants` (by name) and `exact`(t) -> y are
    optional; `exact` holds for the problem's own y0. `flows` are the exact flows over a time h of the parts "A", "B",
    ... of a different splitting of the field: functions of h and any of t, y, q, p that return the new state. `offers`
    contains, by name, functions that only some methods need. `units` names the units of t, q and p.

    >>> def field(t, y):
    ...     return y[1], -y[0]
    >>> Problem([1.0, 0.0], span=(0.0, 10.0), field=field).autonomous
    False
    """

    y0: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.zeros(0))
    span: tuple[float, float] = (0.0, 1.0)
    reference: str = ""
    field: Function | None = None
    velocity: Function | None = None
    force: Function | None = None
    hamiltonian: Function | None = None
    invariants: Mapping[str, Function] = dataclasses.field(default_factory=dict)
    exact: Callable[[float], NDArray[np.float64]] | None = None
    flows: Mapping[str, Function] = dataclasses.field(default_factory=dict)
    offers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    units: Mapping[str, str] = dataclasses.field(default_factory=dict)
    name: str = ""
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    make: Callable[..., "Problem"] | None = None

    def __post_init__(self) -> None:
        if self.field is None and not self.separable:
            given = [f"`{name}`" for name in ("velocity", "force") if getattr(self, name) is not None]
            raise InputError(
                f"expected {self.label} to have a `field`, or both `velocity` and `force`, got "
                f"{' and '.join(given) or 'none of them'}; try Problem(y0, span, reference, field=f)."
            )
        for name in ("invariants", "flows", "offers", "units", "parameters"):
            if not isinstance(given_as := getattr(self, name), Mapping):
                raise InputError(f"expected `{name}` of {self.label} to be a dict, got {given_as!r}.")
        wanted = f"y0 of {self.label} to be a vector of finite real numbers, such as [1.0, 0.0]"
        object.__setattr__(self, "y0", real_array(self.y0, wanted))
        if self.y0.ndim != 1 or not len(self.y0):
            raise InputError(f"expected {wanted}, got the shape {self.y0.shape}.")
        try:
            first, last = self.span
            ordered = is_finite(first) and is_finite(last) and first < last
        except (TypeError, ValueError):
            ordered = False
        if not ordered:
            raise InputError(
                f"expected the span of {self.label} to be two times t0 < t1, got {self.span!r}; try (0.0, 10.0)."
            )

    def __call__(self, **parameters: Any) -> "Problem":
        """Return the same problem with different parameters: `PROBLEMS["kepler"](eccentricity=0.3)`."""
        if self.make is None:
            raise InputError(f"problem {self.name!r} was not made by a function of parameters.")
        return self.make(**{**self.parameters, **parameters})

    def __repr__(self) -> str:
        parameters = "".join(f", {name}={value!r}" for name, value in self.parameters.items())
        return f"<Problem {self.name!r}{parameters}: dimension {self.dimension} [{self.reference}]>"

    @property
    def label(self) -> str:
        """Name of the problem in error messages."""
        return f"problem {self.name!r}" if self.name else "the problem"

    @property
    def dimension(self) -> int:
        return len(self.y0)

    @property
    def separable(self) -> bool:
        """Whether both `velocity` T'(p) and `force` -U'(q, t) are given."""
        return self.velocity is not None and self.force is not None

    @property
    def autonomous(self) -> bool:
        return not any(takes(f, "t") for f in (self.field, self.velocity, self.force) if f)

    @property
    def driven(self) -> bool:
        """Whether the field depends on time, as an argument or as the component `offers["time"]` of the state."""
        return not self.autonomous or "time" in self.offers

    def evaluate(self, function: Function, t: Any, y: State, h: Any = None) -> Any:
        """Evaluate `function`, which may take any of t, y, q, p, h by name, at (t, y); return one array or scalar."""
        half = self.dimension // 2
        if isinstance(y, np.ndarray):  # a function that sets components would change the state of the method
            y = y.view()
            y.flags.writeable = False
        offered = {"t": t, "y": y, "q": y[:half], "p": y[half:], "h": h}
        value = function(**{name: offered[name] for name in arguments(function)})
        return _assemble(value, y) if isinstance(value, tuple | list) else value

    def vector_field(self, t: Any, y: State) -> State:
        """Vector field f(t, y), of the shape of y."""
        if self.field is not None:
            return self._like(y, self.evaluate(self.field, t, y))
        assert self.velocity is not None and self.force is not None
        halves = (*self.evaluate(self.velocity, t, y), *self.evaluate(self.force, t, y))
        return self._like(y, _assemble(halves, y))

    def flow(self, part: str, t: Any, y: State, h: Any) -> State:
        """Exact flow over h of a part: of `flows`, or the drift "A", q += h T'(p), or the kick "B", p -= h U'(q, t)."""
        if self.flows:
            return self._like(y, self.evaluate(self.flows[part], t, y, h))
        half = self.dimension // 2
        still = 0 * y[:half]
        if part == "A":
            rate = (*self.evaluate(_given(self.velocity), t, y), *still)
        else:
            rate = (*still, *self.evaluate(_given(self.force), t, y))
        return y + h * self._like(y, _assemble(rate, y))

    def _like(self, y: State, value: Any) -> State:
        """Return `value` after a check of its shape, because NumPy would silently broadcast a shorter one."""
        shape, wanted = getattr(value, "shape", ()), (self.dimension, *y.shape[1:])
        if shape != wanted:
            raise InputError(
                f"expected the functions of {self.label} to return a value of the shape {wanted} of the state, "
                f"got {tuple(shape)}."
            )
        return value


def _given(function: Function | None) -> Function:
    if function is None:
        raise InputError(
            "expected a separable problem with `velocity` and `force`; this one has only a field; "
            "try a Runge-Kutta method."
        )
    return function


def _assemble(components: Any, like: State) -> State:
    if type(like).__module__ == "torch":
        import torch

        return torch.stack([torch.as_tensor(c, dtype=like.dtype) for c in components])
    if isinstance(like, np.ndarray) and like.dtype.kind == "O":
        # Entries may be tensors with gradients, which NumPy would try to convert.
        return np.fromiter(components, object) if like.ndim == 1 else np.array(list(components), dtype=object)
    if like.ndim > 1:
        return np.stack([np.broadcast_to(c, like.shape[1:]) for c in components])
    return np.array(components)


@lru_cache(4096)
def arguments(function: Function) -> tuple[str, ...]:
    """Argument names of a problem's function; raises InputError for names other than t, y, q, p and h (flows)."""
    names = tuple(inspect.signature(function).parameters)
    if unknown := set(names) - {"t", "y", "q", "p", "h"}:
        raise InputError(
            f"a problem's function may take t, y, q and p by name; {function.__name__!r} takes {sorted(unknown)}."
        )
    return names


def takes(function: Function, name: str) -> bool:
    return name in arguments(function)


def unit_masses(p: State) -> State:
    """The `velocity` T'(p) = p of bodies of mass one, T(p) = |p|^2 / 2."""
    return p


def textbook(make: Callable[..., Problem]) -> Callable[..., Problem]:
    """Turn a function of keyword parameters into a constructor of problems that store their name and parameters."""
    defaults = {name: p.default for name, p in inspect.signature(make).parameters.items()}

    @wraps(make)
    def made(**parameters: Any) -> Problem:
        for unknown in set(parameters) - set(defaults):
            raise InputError(f"problem {make.__name__!r} has no parameter {unknown!r}; {nearest(unknown, defaults)}")
        values = {**defaults, **parameters}
        for key, usual in defaults.items():
            whole = isinstance(usual, int) and not isinstance(values[key], int | np.integer)
            if isinstance(usual, int | float) and (whole or not is_finite(values[key])):
                kind = "whole" if isinstance(usual, int) else "finite real"
                expected = f"expected {key} of problem {make.__name__!r} to be a {kind} number"
                raise InputError(f"{expected}, got {values[key]!r}; try {usual}.")
        return replace(make(**values), name=make.__name__, parameters=values, make=made)

    return made


def make_problem(table: Table[Problem], name: str, **parameters: Any) -> Problem:
    """Return the problem `name`, with the given parameters."""
    problem = table[name]
    return problem(**parameters) if parameters else problem
