"""Methods with one coefficient, sign or declaration mistyped."""

from dataclasses import replace
from fractions import Fraction as Q
from typing import Any

import mpmath

from geoflow.integrators import METHODS, Formula, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.families import Method, explicit_rk, to_mpf


def tableau(name: str, entry: str, i: int, j: int | None, change: Any) -> Method:
    """The entry A[i][j], b[i] or c[i] (or of the second tableau) of a method replaced by `change` of it."""
    method = METHODS[name]
    assert isinstance(method, RungeKutta | PartitionedRungeKutta)
    old = getattr(method, entry)
    if j is None:
        new = (*old[:i], change(old[i]), *old[i + 1 :])
    else:
        row = (*old[i][:j], change(old[i][j]), *old[i][j + 1 :])
        new = (*old[:i], row, *old[i + 1 :])
    if entry == "A" and isinstance(method, RungeKutta) and method.explicit:
        return explicit_rk([row[:k] for k, row in enumerate(new)], method.b, method.order, "test")
    return replace(method, **{entry: new})


def substeps(name: str, changes: dict[int, Any]) -> Splitting:
    """Some substeps of a splitting replaced by `change` of them."""
    method = METHODS[name]
    assert isinstance(method, Splitting)
    new = tuple(
        (part, changes[k](x) if k in changes else x) for k, (part, x) in enumerate(method.substeps)
    )
    return replace(method, substeps=new)


def factor(name: str, k: int, change: float) -> Splitting:
    """The factor of drift k of a symmetric composition of Verlet, and of its mirror image, changed."""
    last = len(METHODS[name].substeps) - 1
    changes: dict[int, Any] = {}
    for drift in {k, last - k}:
        for place, share in ((drift - 1, 0.5), (drift, 1.0), (drift + 1, 0.5)):
            changes[place] = plus(share * change + float(changes[place](0) if place in changes else 0))
    return substeps(name, changes)


def numbers(name: str, key: str, i: int, change: Any) -> Formula:
    """A number of a formula, such as a weight of its quadrature."""
    method = METHODS[name]
    assert isinstance(method, Formula)
    old = method.numbers[key]
    return replace(method, numbers={**method.numbers, key: (*old[:i], change(old[i]), *old[i + 1 :])})


def plus(amount: float) -> Any:
    """Adds as it would be typed: a decimal of a few digits."""
    with mpmath.workdps(50):
        exact = Q(str(amount))

        def change(x: Any) -> Any:
            return x + exact if isinstance(x, int | Q) else to_mpf(x) + to_mpf(exact)

        return lambda x: _in_digits(change, x)


def _in_digits(change: Any, x: Any) -> Any:
    with mpmath.workdps(50):
        return change(x)


def minus(x: Any) -> Any:
    """The sign is wrong."""
    return -x


def to(value: Any) -> Any:
    return lambda x: value
