"""Implicit Runge-Kutta families of any number of stages, generated to 50 digits (Hairer-Wanner IV.5).

The nodes are the roots of Legendre combinations on [0, 1]; the matrix A follows from the simplifying assumptions
C(q): sum_j a_ij c_j^(k-1) = c_i^k / k and D(q): sum_i b_i c_i^(k-1) a_ij = b_j (1 - c_j^k) / k, for k = 1..q.
"""

from collections.abc import Callable
from itertools import pairwise

import mpmath
import numpy as np
from mpmath import mpf

from geoflow.ground.errors import InputError
from geoflow.integrators.families import (
    Number,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    implicit_rk,
    partitioned,
    splitting,
)

DIGITS, WORKING_DIGITS = 50, 90


def _legendre_roots(combination: dict[int, int]) -> list[Number]:
    """Roots in [0, 1] of sum_n w_n P_n(2x - 1), ascending, for {n: w_n}."""
    series = np.zeros(max(combination) + 1)
    for n, w in combination.items():
        series[n] = w

    def polynomial(x: Number) -> Number:
        return sum(w * mpmath.legendre(n, x) for n, w in combination.items())

    starts = np.sort(np.polynomial.legendre.legroots(series).real)
    # An end point of [-1, 1] is a root exactly when the combination says so; it must not be left at 1 - 1e-60.
    ends = {x: polynomial(mpf(x)) == 0 for x in (-1, 1)}
    roots = []
    for x in starts:
        end = round(float(x))
        is_end = abs(x - end) < 1e-9 and ends.get(end, False)
        roots.append(mpf(end) if is_end else mpmath.findroot(polynomial, mpf(float(x))))
    return [(x + 1) / 2 for x in roots]


def _weights(c: list[Number]) -> list[Number]:
    """Interpolatory quadrature weights: B(s)."""
    s = len(c)
    powers = mpmath.matrix(s, s)
    for k in range(s):
        for j in range(s):
            powers[k, j] = c[j] ** k
    return list(mpmath.lu_solve(powers, mpmath.matrix([mpf(1) / (k + 1) for k in range(s)])))


def _collocation(c: list[Number], first_column: Number | None = None) -> list[list[Number]]:
    """A from C(s); with a given first column (Lobatto IIIC) from C(s - 1) for the other columns."""
    fixed = [] if first_column is None else [first_column]
    free = c[len(fixed) :]
    rows = []
    for node in c:
        q = len(free)
        powers = mpmath.matrix(q, q)
        target = mpmath.matrix(q, 1)
        for k in range(q):
            target[k] = node ** (k + 1) / (k + 1) - sum(a * c[0] ** k for a in fixed)
            for j in range(q):
                powers[k, j] = free[j] ** k
        rows.append([*fixed, *(mpmath.lu_solve(powers, target) if q else [])])
    return rows


def _transposed_collocation(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """A from D(s)."""
    s = len(c)
    powers = mpmath.matrix(s, s)
    for k in range(s):
        for i in range(s):
            powers[k, i] = b[i] * c[i] ** k
    columns = []
    for j in range(s):
        target = mpmath.matrix([b[j] * (1 - c[j] ** (k + 1)) / (k + 1) for k in range(s)])
        columns.append(list(mpmath.lu_solve(powers, target)))
    return [[columns[j][i] for j in range(s)] for i in range(s)]


def _family(
    nodes: Callable[[int], dict[int, int]],
    matrix: Callable[[list[Number], list[Number]], list[list[Number]]],
    order: Callable[[int], int],
    reference: str,
) -> Callable[[int], RungeKutta]:
    def make(stages: int) -> RungeKutta:
        with mpmath.workdps(WORKING_DIGITS):
            c = _legendre_roots(nodes(stages))
            b = _weights(c)
            A = matrix(b, c)
        with mpmath.workdps(DIGITS):
            rows = [[+a for a in row] for row in A]
            return implicit_rk(rows, [+x for x in b], [+x for x in c], order(stages), reference)

    return make


def _lobatto_iiic(b: list[Number], c: list[Number]) -> list[list[Number]]:
    return _collocation(c, first_column=b[0])


def _lobatto_iiid(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """The mean of IIIC and its adjoint, which is symplectic (Chan 1990, Jay 1996)."""
    A, s = _lobatto_iiic(b, c), range(len(c))
    return [[(A[i][j] + b[j] - A[-1 - i][-1 - j]) / 2 for j in s] for i in s]


def _gauss_nodes(s: int) -> dict[int, int]:
    return {s: 1}


def _right_radau_nodes(s: int) -> dict[int, int]:
    return {s: 1, s - 1: -1}


def _left_radau_nodes(s: int) -> dict[int, int]:
    return {s: 1, s - 1: 1}


def _lobatto_nodes(s: int) -> dict[int, int]:
    return {s: 1, s - 2: -1}


def _by_collocation(_b: list[Number], c: list[Number]) -> list[list[Number]]:
    return _collocation(c)


gauss = _family(_gauss_nodes, _by_collocation, lambda s: 2 * s, "HLW")
radau_ia = _family(
    _left_radau_nodes, _transposed_collocation, lambda s: 2 * s - 1, "HairerWanner1996"
)
radau_iia = _family(_right_radau_nodes, _by_collocation, lambda s: 2 * s - 1, "HairerWanner1996")
lobatto_iiia = _family(_lobatto_nodes, _by_collocation, lambda s: 2 * s - 2, "HairerWanner1996")
lobatto_iiib = _family(
    _lobatto_nodes, _transposed_collocation, lambda s: 2 * s - 2, "HairerWanner1996"
)
lobatto_iiic = _family(_lobatto_nodes, _lobatto_iiic, lambda s: 2 * s - 2, "HairerWanner1996")
lobatto_iiid = _family(_lobatto_nodes, _lobatto_iiid, lambda s: 2 * s - 2, "Jay1996")


def lobatto_iiia_iiib(stages: int) -> PartitionedRungeKutta:
    """IIIA for q and IIIB for p: symplectic and symmetric, Stormer-Verlet for two stages (Sun1993, HLW IV.2.2)."""
    return partitioned(lobatto_iiia(stages), lobatto_iiib(stages), 2 * stages - 2, "Sun1993")


def lobatto_iiib_iiia(stages: int) -> PartitionedRungeKutta:
    """The pair with the roles of q and p exchanged."""
    return partitioned(lobatto_iiib(stages), lobatto_iiia(stages), 2 * stages - 2, "Sun1993")


def hbvm(nodes: int, degree: int) -> RungeKutta:
    """Hamiltonian boundary value method HBVM(k, s) of order 2 s: Gauss's k nodes, polynomials of degree s.

    a_ij = b_j sum_(l<s) (2 l + 1) int_0^(c_i) P_l P_l(c_j) with Legendre's P_l on [0, 1]; keeps a polynomial energy of
    degree at most 2 k / s, and is Gauss's method for k = s (BrugnanoIavernaroTrigiante2010).
    """
    if nodes < degree:
        raise InputError(f"hbvm_K_S needs K >= S, got K = {nodes}, S = {degree}; try {degree}.")
    with mpmath.workdps(WORKING_DIGITS):
        c = _legendre_roots(_gauss_nodes(nodes))
        b = _weights(c)
        P = [[mpmath.legendre(n, 2 * x - 1) for x in c] for n in range(degree + 1)]
        # (2 l + 1) times the integral of P_l from 0 to c_i is half of P_(l+1) - P_(l-1) at c_i.
        integral = [c] + [
            [(above - below) / 2 for above, below in zip(P[n + 1], P[n - 1], strict=True)]
            for n in range(1, degree)
        ]
        rows = [
            [b[j] * sum(integral[n][i] * P[n][j] for n in range(degree)) for j in range(nodes)]
            for i in range(nodes)
        ]
    with mpmath.workdps(DIGITS):
        A = [[+a for a in row] for row in rows]
        reference = "BrugnanoIavernaroTrigiante2010"
        return implicit_rk(A, [+x for x in b], [+x for x in c], 2 * degree, reference)


def saba(kicks: int) -> Splitting:
    """Drifts A between the nodes of Gauss, kicks B with his weights (LaskarRobutel2001).

    For H = A + epsilon B the error is of the size epsilon h^(2 kicks) + epsilon^2 h^2: of order two at epsilon = 1.
    """
    tableau = gauss(kicks)
    with mpmath.workdps(DIGITS):
        nodes = [mpf(0), *tableau.c, mpf(1)]
        drifts = [end - start for start, end in pairwise(nodes)]
        coefficients = [x for pair in zip(drifts, tableau.b, strict=False) for x in pair]
        return splitting("AB" * kicks + "A", [*coefficients, drifts[-1]], 2, "LaskarRobutel2001")
