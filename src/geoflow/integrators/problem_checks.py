"""Check the return values of a problem's functions before a loop is compiled.

The compiled loops do not check sizes: a missing component of the field would leave the state component constant, and an
extra one would be ignored.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any
from weakref import WeakSet

import numpy as np

from geoflow.ground import InputError
from geoflow.integrators.families.offered import OFFERED, Offer
from geoflow.problems import Problem
from geoflow.problems.problem import takes

_SOUND: WeakSet[Problem] = WeakSet()
Shape = tuple[int, ...]


def check_problem(problem: Problem) -> None:
    """Evaluate every function of `problem` at (t0, y0), once per object.

    Raises InputError if a function raises, or returns a value of the wrong shape or type or one that is not finite.
    """
    if problem in _SOUND:
        return
    with np.errstate(all="ignore"):
        for name, function, shape in _functions(problem):
            _check_arguments(problem, name, function)
            _check_value(problem, name, partial(problem.evaluate, function), shape)
        if (exact := problem.exact) is not None:
            _check_value(problem, "exact", lambda t, y: exact(t), (problem.dimension,))
        for name in OFFERED.keys() & problem.offers.keys():
            if (offer := OFFERED[name][0](None, problem)) is not None:
                _check_offer(problem, name, offer)
        _check_agreement(problem)
    _SOUND.add(problem)


def _functions(problem: Problem) -> Iterator[tuple[str, Any, Shape]]:
    """Yield the functions of the equation and of its diagnostics, with the shapes of their values."""
    d, half = problem.dimension, problem.dimension // 2
    equation = (("field", (d,)), ("velocity", (half,)), ("force", (half,)), ("hamiltonian", ()))
    for name, shape in equation:
        if (function := getattr(problem, name)) is not None:
            yield name, function, shape
    for name, function in problem.invariants.items():
        yield f"invariants[{name!r}]", function, ()
    if "consistent" in problem.offers:
        yield "offers['consistent']", problem.offers["consistent"], (d,)
    for part, function in problem.flows.items():
        yield f"flows[{part!r}]", function, (d,)


def _check_offer(problem: Problem, name: str, offer: Offer) -> None:
    which, quantity = f"offers[{name!r}]", problem.offers[name]
    if offer.constant is None:
        _check_arguments(problem, which, quantity)
        quantity = partial(problem.evaluate, quantity)
    _check_value(problem, which, quantity, offer.shape)


def _check_arguments(problem: Problem, name: str, function: Any) -> None:
    which = f"`{name}` of {problem.label}"
    if not callable(function):
        raise InputError(f"expected {which} to be a function, got {function!r}.")
    if takes(function, "h") and not name.startswith("flows"):
        raise InputError(f"expected {which} to take only t, y, q and p, got h; only flows take h.")
    halved = name in ("velocity", "force") or takes(function, "q") or takes(function, "p")
    if halved and problem.dimension % 2:
        raise InputError(
            f"expected y0 of {problem.label} to have an even number of components, as many positions q as "
            f"momenta p, because of `{name}`; got {problem.dimension}."
        )


def _check_value(problem: Problem, name: str, quantity: Any, shape: Shape) -> None:
    """Check one value; `quantity` is a constant or a function of (t, y), and for a flow also of h."""
    (t, end), y = problem.span, problem.y0
    which, where = f"`{name}` of {problem.label}", f"at t = {t:g}, y = y0"
    length = ((end - t) / 1000,) if name.startswith("flows") else ()
    try:
        value = quantity(t, y, *length) if callable(quantity) else quantity
    except Exception as error:
        raise InputError(f"{which} raised {type(error).__name__} {where}: {error}") from error
    found = np.asarray(value)
    if found.dtype.kind not in "iuf" or np.ma.is_masked(value):
        raise InputError(f"expected {which} to return {_in_words(shape)} {where}, got {value!r}; return real numbers.")
    if found.shape != shape:
        remedy = "; return a tuple with every component" if len(shape) == 1 else ""
        raise InputError(
            f"expected {which} to return {_in_words(shape)} {where}, got {_in_words(found.shape)}{remedy}."
        )
    if not np.isfinite(found).all():
        raise InputError(
            f"expected {which} to return finite numbers {where}, got {found.tolist()}; "
            "try another y0 or other parameters."
        )


def _check_agreement(problem: Problem) -> None:
    """Check that `field` equals (velocity, force) if both are given, because methods use one or the other."""
    if problem.field is None or not problem.separable:
        return
    t, y = problem.span[0], problem.y0
    halves = [problem.evaluate(f, t, y) for f in (problem.velocity, problem.force) if f]
    whole = problem.evaluate(problem.field, t, y)
    apart = np.abs(whole - np.concatenate(halves))
    if apart.max() > 1e-10 * np.abs(whole).max():
        raise InputError(
            f"expected `field` of {problem.label} to be (velocity, force); component {apart.argmax()} differs by "
            f"{apart.max():.1e} at t = {t:g}, y = y0."
        )


def _in_words(shape: Shape) -> str:
    if len(shape) == 1:
        return f"{shape[0]} component{'' if shape[0] == 1 else 's'}"
    return " x ".join(map(str, shape)) + " numbers" if shape else "one number"
