"""Methods that are one short function: the formula itself, over arrays.

A formula is `step(t, y, h, eps, *, ...) -> (y_1, evaluations)`, with a negative count when an equation was not solved;
eps is the unit of round-off. By keyword it asks for what it needs of a problem (`offered.OFFERED`), for numbers of
the method, or for a function that it is built around. The same source runs on NumPy and mpmath arrays of shape (d,)
and, in `formula_source`, compiled: so it keeps to what numba knows, and its keywords are all functions or arrays.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import mpmath
import numpy as np

from geoflow.ground.errors import InputError, SolveError, nearest
from geoflow.integrators.families import Number, RungeKutta, to_mpf
from geoflow.integrators.families.construction import check_claims
from geoflow.integrators.families.offered import offered
from geoflow.integrators.families.requirements import require_by_family, require_offers
from geoflow.integrators.families.stages import State
from geoflow.integrators.formulas.equations import solved
from geoflow.integrators.step import one_step
from geoflow.problems import Problem

Step = Callable[..., Any]
PROPERTIES = ("symmetric", "symplectic", "conjugate_symplectic")


@dataclass(frozen=True, eq=False)
class Formula:
    """A one-step method given by its function `step`.

    `inner` are functions that the step asks for by name, `numbers` arrays of the method; `invariants` names those that
    are meant, all of the problem's when empty. `proved` holds the source of the proof that the method is "symmetric",
    "symplectic" or "conjugate_symplectic": a formula has no coefficients to derive that from. `stages` counts
    evaluations of the field (or what takes its place) in a step or, of an implicit formula, for each evaluation that
    it counts itself.
    """

    step: Step
    order: int
    reference: str
    stages: int = 1
    explicit: bool = True
    inner: Mapping[str, Step] = field(default_factory=dict)
    numbers: Mapping[str, tuple[Number, ...]] = field(default_factory=dict)
    invariants: tuple[str, ...] = ()
    proved: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        check_claims(self.order, self.reference)
        for key in self.proved:
            if key not in PROPERTIES:
                raise InputError(
                    f"nothing can be proved of {key!r} here; {nearest(key, PROPERTIES)}"
                )

    @property
    def needs(self) -> tuple[str, ...]:
        """What a problem has to offer, by the names of `offered.OFFERED`."""
        asked = [name for f in (self.step, *self.inner.values()) for name in keywords(f)]
        return tuple(n for n in dict.fromkeys(asked) if n not in {*self.inner, *self.numbers})

    @property
    def canonical(self) -> bool:
        """Whether its states can be pairs (q, p), on which alone to be symplectic is defined here."""
        return not {"rotation", "clocked_field", "magnetic_field"} & set(self.needs)


def keywords(function: Step) -> list[str]:
    """The names of the keyword-only arguments."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]


def implicit_formula(
    increment: Step,
    order: int,
    reference: str,
    stages: int = 1,
    numbers: Mapping[str, tuple[Number, ...]] | None = None,
    proved: Mapping[str, str] | None = None,
) -> Formula:
    """The method y_1 = y + increment(t, y, y_1, h, eps), solved by Newton's method."""
    return Formula(
        solved,
        order,
        reference,
        stages,
        False,
        {"increment": increment},
        numbers or {},
        proved=proved or {},
    )


def tableau_numbers(method: RungeKutta) -> dict[str, tuple[Number, ...]]:
    """A, b, c for `runge_kutta`, and the most sweeps that it may take."""
    return {"A": method.A, "b": method.b, "c": method.c, "most": (1 if method.explicit else 200,)}


@require_by_family.register
def _(method: Formula, problem: Problem) -> None:
    for name in method.needs:
        offered(method, problem, name)


@one_step.register
def _(method: Formula, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    given = {name: offered(method, problem, name).at(problem) for name in method.needs}

    def phi(t: Any, y: State, h: Any) -> State:
        exact = isinstance(y, np.ndarray) and y.dtype.kind == "O"
        step = bound(method, given, exact)
        y_1, evaluations = step(t, y, h, mpmath.mp.eps if exact else float(np.finfo(float).eps))
        if evaluations < 0:
            raise SolveError(
                f"{method.name or 'an implicit method'}: its equations were not solved at t = {float(t):.6g} "
                f"with h = {float(h):.3g}; try a smaller h."
            )
        return y_1

    return phi


def bound(method: Formula, given: Mapping[str, Any], exact: bool) -> Step:
    """The step with all that it asks for: arrays of mpf when `exact`, of floats otherwise."""
    known = dict(given)
    for name, numbers in method.numbers.items():
        known[name] = as_array(numbers, exact)
    for name, function in method.inner.items():
        known[name] = partial(function, **{k: known[k] for k in keywords(function)})
    return partial(method.step, **{k: known[k] for k in keywords(method.step)})


def as_array(numbers: Any, exact: bool) -> Any:
    """Nested tuples of numbers as an array of mpf or of floats, each rounded once."""
    nested = np.array(numbers, dtype=object)
    entries = [to_mpf(x) if exact else float(x) for x in nested.ravel()]
    return np.array(entries, dtype=object if exact else np.float64).reshape(nested.shape)
