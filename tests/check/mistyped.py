"""Methods with one coefficient, sign or declaration mistyped.

They are made around the constructors, which refuse some of them: what a check says should not depend on that.
"""

from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction as Q
from typing import Any

import mpmath

from geoflow.integrators import METHODS, Formula, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.families import Method, to_mpf

Change = Callable[[Any], Any]


def around(method: Any, **changes: Any) -> Any:
    """`dataclasses.replace` without the checks of the constructor."""
    copy = object.__new__(type(method))
    for field in fields(method):
        value = changes.get(field.name, getattr(method, field.name))
        object.__setattr__(copy, field.name, value)
    if isinstance(copy, PartitionedRungeKutta):  # its two tableaus would be checked, too
        q, p = method.tableaus
        copy.__dict__["tableaus"] = (
            around(q, A=copy.A, b=copy.b, c=copy.c),
            around(p, A=copy.A_hat, b=copy.b_hat, c=copy.c),
        )
    return copy


def tableau(name: str, entry: str, i: int, j: int | None, change: Change) -> Method:
    """The entry A[i][j], b[i] or c[i] (or of the second tableau) of a method replaced by `change` of it.

    In an explicit method the nodes follow, as `explicit_rk` computes them.
    """
    method = METHODS[name]
    assert isinstance(method, RungeKutta | PartitionedRungeKutta)
    old = getattr(method, entry)
    if j is None:
        new = (*old[:i], change(old[i]), *old[i + 1 :])
    else:
        new = (*old[:i], (*old[i][:j], change(old[i][j]), *old[i][j + 1 :]), *old[i + 1 :])
    if entry == "A" and isinstance(method, RungeKutta) and method.explicit:
        return around(method, A=new, c=tuple(map(sum, new)))
    return around(method, **{entry: new})


def substeps(name: str, changes: dict[int, Change]) -> Splitting:
    """Some substeps of a splitting replaced by `changes` of them."""
    method = METHODS[name]
    assert isinstance(method, Splitting)
    pairs = enumerate(method.substeps)
    new = tuple((part, changes.get(k, lambda x: x)(x)) for k, (part, x) in pairs)
    return around(method, substeps=new)


def factor(name: str, drift: int, amount: str) -> Splitting:
    """The factor of one drift of a symmetric composition of Verlet, and of its mirror image, changed."""
    last = len(METHODS[name].substeps) - 1  # type: ignore[attr-defined]
    half = str(mpmath.mpf(amount) / 2)
    changes: dict[int, Change] = {}
    for k in (drift, last - drift):
        changes |= {k - 1: plus(half), k: plus(amount), k + 1: plus(half)}
    return substeps(name, changes)


def numbers(name: str, key: str, i: int, change: Change) -> Formula:
    """A number of a formula, such as a weight of its quadrature."""
    method = METHODS[name]
    assert isinstance(method, Formula)
    old = method.numbers[key]
    changed = (*old[:i], change(old[i]), *old[i + 1 :])
    return around(method, numbers={**method.numbers, key: changed})


def declared(name: str, **changes: Any) -> Method:
    """Another declaration: an order, or a proof."""
    return around(METHODS[name], **changes)


def plus(amount: str) -> Change:
    """Adds a decimal number, exactly."""

    def change(x: Any) -> Any:
        if isinstance(x, int | Q):
            return x + Q(amount)
        with mpmath.workdps(50):
            return to_mpf(x) + to_mpf(Q(amount))

    return change


def minus(x: Any) -> Any:
    """The sign is wrong."""
    return +x * -1 if not isinstance(x, mpmath.mpf) else mpmath.fneg(x, exact=True)


def to(value: Any) -> Change:
    return lambda x: value
