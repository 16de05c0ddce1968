"""Structure preservation of a method, derived from its coefficients."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import mpmath
import numpy as np

from geoflow.integrators.families import Method, RungeKutta, implicit_rk
from geoflow.theory.radii import algebraically_stable, contractivity_radius, ssp_coefficient
from geoflow.theory.reduction import WORKING_DIGITS, Tableau, arithmetic, in_one_arithmetic, irreducible
from geoflow.theory.stability import (
    a_stable,
    e_polynomial,
    imaginary_stability_interval,
    l_stable,
    real_stability_interval,
)

Property = bool | int | float | str | None
Row = Sequence[Any]
Rows = Sequence[Sequence[Any]]


def properties(method: Method) -> dict[str, Property]:
    """Declared and derived properties of a method; None if a property is not defined for its family."""
    return {name: derive(method) for name, derive in PROPERTIES.items()}


@mpmath.workdps(WORKING_DIGITS)
def symmetric(method: Method) -> bool:
    """Whether the method is its own adjoint, phi_h o phi_{-h} = id (HLW II.3, V.2).

    The adjoint has a*_ij = b_{s+1-j} - a_{s+1-i,s+1-j}; the order of the stages is irrelevant, and the tableaus
    are reduced before the comparison. For a general one-step map: whether `Formula.proved` contains it.
    """
    if method.tableau is not None:
        t = irreducible(method.tableau)
        backwards = Tableau((t.b - t.A)[::-1, ::-1], t.b[::-1], (1 - t.c)[::-1], t.tolerance)
        return same_up_to_order(t, backwards)
    if method.tableaus:
        q, p = method.tableaus
        return partitioned_symmetric(q.A, q.b, p.A, p.b) and _nodes_symmetric(q.c)
    if not method.substeps:
        return "symmetric" in method.proved
    convert, tolerance = arithmetic([x for _, x in method.substeps])
    there = [(part, convert(x)) for part, x in method.substeps]
    return all(p == q and abs(x - y) <= tolerance for (p, x), (q, y) in zip(there, there[::-1], strict=True))


@mpmath.workdps(WORKING_DIGITS)
def symplectic(method: Method) -> bool | None:
    """Whether b_i a_ij + b_j a_ji = b_i b_j for all i, j of the irreducible tableau (HLW VI.4).

    A splitting is symplectic as a composition of exact flows of Hamiltonian parts. For a general one-step map: whether
    `Formula.proved` contains it, None if the state is not a pair (q, p).
    """
    if method.tableau is not None:
        return _symplectic(irreducible(method.tableau))
    if method.tableaus:
        q, p = method.tableaus
        return partitioned_symplectic(q.A, q.b, p.A, p.b)
    return (bool(method.substeps) or "symplectic" in method.proved) if method.canonical else None


def _symplectic(t: Tableau) -> bool:
    s = range(t.stages)
    A, b = t.A, t.b
    return all(t.zero(b[i] * A[i, j] + b[j] * A[j, i] - b[i] * b[j]) for i in s for j in range(i + 1))


@mpmath.workdps(WORKING_DIGITS)
def conjugate_symplectic(method: Method) -> bool | None:
    """Whether chi_h^-1 o phi_h o chi_h is symplectic for some chi_h near the identity (HLW VI.8).

    True if phi = second o first, found from a block triangular tableau, and first o second is
    symplectic: the trapezoidal rule is half a step of explicit Euler followed by half a step of implicit
    Euler, and the midpoint rule has these two in reverse order. False if |R(iy)| is not 1, because |R(iy)|^2
    is the determinant of a step of the harmonic oscillator, which chi does not change. None: not known.
    """
    if method.tableau is None:
        return "conjugate_symplectic" in method.proved or symplectic(method) or None
    t = irreducible(method.tableau)
    if _symplectic(t) or any(_symplectic(irreducible(u)) for u in _exchanged(t)):
        return True
    return None if not any(e_polynomial(method.tableau)) else False


def _exchanged(t: Tableau) -> Iterator[RungeKutta]:
    """Yield the methods first o second, for each decomposition of the method as second o first."""
    for k in range(1, t.stages):
        first, second = slice(None, k), slice(k, None)
        left, above = t.A[second, first] - t.b[first], t.A[first, second]
        if all(t.zero(x) for x in (*left.ravel(), *above.ravel())):
            order = [*range(k, t.stages), *range(k)]
            A = t.A[np.ix_(order, order)]
            A[: t.stages - k, t.stages - k :] = 0 * t.b[first]
            A[t.stages - k :, : t.stages - k] = t.b[second]
            yield implicit_rk(A.tolist(), list(t.b[order]), list(A.sum(axis=1)), 1, "")


@mpmath.workdps(WORKING_DIGITS)
def partitioned_symplectic(A: Rows, b: Row, A_hat: Rows, b_hat: Row, separable: bool = False) -> bool:
    """Whether b_i a_hat_ij + b_hat_j a_ji = b_i b_hat_j and, unless H = T(p) + U(q), b = b_hat (HLW VI.4.6)."""
    t, u = in_one_arithmetic((A, b, ()), (A_hat, b_hat, ()))
    defects = t.b[:, None] * u.A + (u.b[:, None] * t.A).T - np.outer(t.b, u.b)
    return all(t.zero(x) for x in defects.ravel()) and (separable or all(t.zero(x) for x in t.b - u.b))


@mpmath.workdps(WORKING_DIGITS)
def partitioned_symmetric(A: Rows, b: Row, A_hat: Rows, b_hat: Row) -> bool:
    """Whether a_{s+1-i,s+1-j} + a_ij = b_j, also with hats: symmetric in this order of stages (HLW V.2.2)."""
    return all(
        t.zero(x)
        for t in in_one_arithmetic((A, b, ()), (A_hat, b_hat, ()))
        for x in [*(t.A[::-1, ::-1] + t.A - t.b).ravel(), *(t.b - t.b[::-1])]
    )


def _nodes_symmetric(c: Row) -> bool:
    """Whether c_{s+1-i} = 1 - c_i for all i."""
    convert, tolerance = arithmetic(c)
    return all(abs(convert(x) + convert(y) - 1) <= tolerance for x, y in zip(c, c[::-1], strict=True))


def same_up_to_order(t: Tableau, u: Tableau) -> bool:
    """Whether two tableaus agree up to the order of their stages."""
    return t.stages == u.stages and _matched(t, u, ())


def _matched(t: Tableau, u: Tableau, images: tuple[int, ...]) -> bool:
    """Whether a matching of the first stages of t with `images` in u extends to all stages."""
    i = len(images)
    if i == t.stages:
        return True
    return any(_matched(t, u, (*images, k)) for k in range(u.stages) if k not in images and _agrees(t, u, (*images, k)))


def _agrees(t: Tableau, u: Tableau, images: tuple[int, ...]) -> bool:
    i, k = len(images) - 1, images[-1]
    differences = [t.b[i] - u.b[k], t.c[i] - u.c[k]]
    for j, image in enumerate(images):
        differences += [t.A[i, j] - u.A[k, image], t.A[j, i] - u.A[image, k]]
    return all(t.zero(x) for x in differences)


_DERIVED: tuple[Callable[[Method], Property], ...] = (
    symmetric, symplectic, a_stable, l_stable, algebraically_stable, contractivity_radius, ssp_coefficient,
    real_stability_interval, imaginary_stability_interval,
)  # fmt: skip
PROPERTIES: dict[str, Callable[[Method], Property]] = {
    **{name: attrgetter(name) for name in ("order", "stages", "explicit")},
    **{derive.__name__: derive for derive in _DERIVED},
    "reference": attrgetter("reference"),
}
