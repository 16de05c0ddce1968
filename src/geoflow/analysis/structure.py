"""What a method preserves, derived from its coefficients: none of it is declared."""

import mpmath

from geoflow.analysis.radii import (
    algebraically_stable,
    contractivity_radius,
    ssp_coefficient,
)
from geoflow.analysis.reduction import (
    WORKING_DIGITS,
    Tableau,
    arithmetic,
    irreducible,
    tableau,
)
from geoflow.analysis.stability import (
    a_stable,
    imaginary_stability_interval,
    l_stable,
    real_stability_interval,
)
from geoflow.integrators import adjoint
from geoflow.integrators.families import (
    Method,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
)

__all__ = ["equivalent", "properties", "symmetric", "symplectic"]

Property = bool | int | float | str | None


def properties(method: Method) -> dict[str, Property]:
    """Declared and derived facts of a method; None where a notion is not defined for its family."""
    return {
        "order": method.order,
        "stages": method.stages,
        "explicit": method.explicit,
        "symmetric": symmetric(method),
        "symplectic": symplectic(method),
        "a_stable": a_stable(method),
        "l_stable": l_stable(method),
        "algebraically_stable": algebraically_stable(method),
        "contractivity_radius": contractivity_radius(method),
        "ssp_coefficient": ssp_coefficient(method),
        "real_stability_interval": real_stability_interval(method),
        "imaginary_stability_interval": imaginary_stability_interval(method),
        "reference": method.reference,
    }


@mpmath.workdps(WORKING_DIGITS)
def symmetric(method: Method) -> bool:
    """Whether the method is its own adjoint, phi_h o phi_{-h} = id (HLW II.3, V.2).

    The adjoint has a*_ij = b_{s+1-j} - a_{s+1-i,s+1-j}; its stages may come in any order, and
    stages that never matter are ignored.
    """
    if isinstance(method, RungeKutta):
        t = irreducible(method)
        backwards = Tableau((t.b - t.A)[::-1, ::-1], t.b[::-1], (1 - t.c)[::-1], t.tolerance)
        return _same_up_to_order(t, backwards)
    if isinstance(method, PartitionedRungeKutta):
        return _same_pair(method, adjoint(method))
    assert isinstance(method, Splitting)
    convert, tolerance = arithmetic([x for _, x in method.substeps])
    there = [(part, convert(x)) for part, x in method.substeps]
    return all(
        p == q and abs(x - y) <= tolerance
        for (p, x), (q, y) in zip(there, there[::-1], strict=True)
    )


@mpmath.workdps(WORKING_DIGITS)
def symplectic(method: Method) -> bool:
    """b_i a_ij + b_j a_ji = b_i b_j for all i, j of the irreducible tableau (HLW VI.4).

    A splitting is symplectic, being a composition of exact flows of Hamiltonian parts.
    """
    if isinstance(method, Splitting):
        return True
    if isinstance(method, PartitionedRungeKutta):
        return _symplectic_pair(method)
    assert isinstance(method, RungeKutta)
    t = irreducible(method)
    s = range(t.stages)
    A, b = t.A, t.b
    return all(
        t.zero(b[i] * A[i, j] + b[j] * A[j, i] - b[i] * b[j]) for i in s for j in range(i + 1)
    )


def _symplectic_pair(method: PartitionedRungeKutta) -> bool:
    """b_i a_hat_ij + b_hat_j a_ji = b_i b_hat_j and b = b_hat (HLW VI.4.6)."""
    t, u = map(tableau, method.tableaus)
    s = range(method.stages)
    defects = [t.b[i] - u.b[i] for i in s]
    defects += [t.b[i] * u.A[i, j] + u.b[j] * t.A[j, i] - t.b[i] * u.b[j] for i in s for j in s]
    return all(t.zero(x) for x in defects)


def _same_pair(method: PartitionedRungeKutta, other: Method) -> bool:
    """Whether both tableaus agree, stage by stage."""
    assert isinstance(other, PartitionedRungeKutta)
    return all(
        t.zero(x - y)
        for one, two in zip(method.tableaus, other.tableaus, strict=True)
        for t, u in [(tableau(one), tableau(two))]
        for x, y in zip((*t.A.ravel(), *t.b, *t.c), (*u.A.ravel(), *u.b, *u.c), strict=True)
    )


@mpmath.workdps(WORKING_DIGITS)
def equivalent(first: RungeKutta, second: RungeKutta) -> bool:
    """Whether the irreducible tableaus agree up to the order of the stages."""
    return _same_up_to_order(irreducible(first), irreducible(second))


def _same_up_to_order(t: Tableau, u: Tableau) -> bool:
    return t.stages == u.stages and _matched(t, u, ())


def _matched(t: Tableau, u: Tableau, images: tuple[int, ...]) -> bool:
    """Whether the stages of t, the first of which have these images in u, can all be matched."""
    i = len(images)
    if i == t.stages:
        return True
    return any(
        _matched(t, u, (*images, k))
        for k in range(u.stages)
        if k not in images and _agrees(t, u, (*images, k))
    )


def _agrees(t: Tableau, u: Tableau, images: tuple[int, ...]) -> bool:
    i, k = len(images) - 1, images[-1]
    differences = [t.b[i] - u.b[k], t.c[i] - u.c[k]]
    for j, image in enumerate(images):
        differences += [t.A[i, j] - u.A[k, image], t.A[j, i] - u.A[image, k]]
    return all(t.zero(x) for x in differences)
