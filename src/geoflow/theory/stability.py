"""Linear stability from the coefficients: |R(z)| <= 1 by signs of polynomials, without sampling.

R(z) = N(z) / D(z) with D(z) = det(I - z A) and N(z) = det(I - z A + z 1 b^T) (HairerWanner1996,
IV.3). |R| <= 1 on the negative axis is (D - N)(D + N) >= 0, on the imaginary axis E(y) = |D(iy)|^2
- |N(iy)|^2 >= 0. Polynomials are lists of coefficients, constant first, of Fraction (exact) or
60-digit mpf. The ends of an interval are roots, and signs are evaluated between the roots, so that
they are not affected by round-off.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any

import mpmath
import numpy as np
from numpy.polynomial.polynomial import polydiv, polyval
from numpy.typing import NDArray

from geoflow.integrators.families import Method, RungeKutta
from geoflow.theory.reduction import WORKING_DIGITS, Exact, Number, arithmetic, irreducible, of_tableaus, to_mpf

Polynomial = list[Number]


@cache
@mpmath.workdps(WORKING_DIGITS)
def stability_function(method: RungeKutta) -> tuple[Polynomial, Polynomial]:
    """Return (N, D) without common factors, D(0) = 1."""
    t = irreducible(method)
    D = _det_identity_minus_z_times(t.A)
    N = _det_identity_minus_z_times(t.A - np.outer(t.b * 0 + 1, t.b))
    # The coefficients of R are of size 1/k!, relative to which a coefficient counts as zero.
    N, D = ([_chop(x, t.tolerance / math.factorial(k)) for k, x in enumerate(p)] for p in (N, D))
    common = _greatest_common_divisor(N, D, t.tolerance)
    N, D = (_divide(_trim(p), common)[0] for p in (N, D))
    return [x / D[0] for x in N], [x / D[0] for x in D]


def stability_values(method: RungeKutta, z: NDArray[Any]) -> NDArray[Any]:
    """Evaluate R(z) elementwise in floating point."""
    N, D = ([float(x) for x in p] for p in stability_function(method))
    with np.errstate(divide="ignore", invalid="ignore"):  # at a pole |R| is infinite
        return polyval(z, N) / polyval(z, D)


@of_tableaus
def a_stable(method: RungeKutta) -> bool:
    """Whether |R(z)| <= 1 in the left half plane: no poles there and E >= 0. None for a different family."""
    _, D = stability_function(method)
    mirrored = [x if k % 2 == 0 else -x for k, x in enumerate(D)]
    return _hurwitz(mirrored) and _first_negative([e_polynomial(method)]) == math.inf


@of_tableaus
def l_stable(method: RungeKutta) -> bool:
    """Whether the method is A-stable with R(infinity) = 0. None for a different family."""
    N, D = stability_function(method)
    return bool(a_stable(method)) and len(N) < len(D)


@of_tableaus
def real_stability_interval(method: RungeKutta) -> float:
    """Largest x with |R(z)| <= 1 for all z in [-x, 0]. None for a different family."""
    N, D = stability_function(method)
    tolerance = irreducible(method).tolerance
    pairs = [(d, n) for d, n in zip_longest(D, N, fillvalue=0)]
    factors = []
    for sign in (1, -1):
        factor = [_chop(d + sign * n, tolerance * (abs(d) + abs(n))) for d, n in pairs]
        factors.append([x if k % 2 == 0 else -x for k, x in enumerate(factor)])  # z = -x
    return float(_first_negative(factors))


@mpmath.workdps(WORKING_DIGITS)
def imaginary_stability_interval(method: Method) -> float | None:
    """Largest y with |R(z)| <= 1 for all z in i[-y, y].

    For a splitting into two parts: the largest h omega such that the matrix M of a step of the harmonic oscillator,
    det M = 1, has |trace M| <= 2 on [0, h omega] (Stormer-Verlet: 2). None for a different family.
    """
    if method.parts == "AB":
        half_trace = _half_trace(method)  # a polynomial in (h omega)^2
        factors = [[s * x for x in half_trace] for s in (1, -1)]
        for factor in factors:
            factor[0] = factor[0] + 1
        return float(mpmath.sqrt(_first_negative(factors)))
    if method.tableau is None:
        return None
    return float(mpmath.sqrt(_first_negative([e_polynomial(method.tableau)])))


def e_polynomial(method: RungeKutta) -> Polynomial:
    """E-polynomial E(y) = |D(iy)|^2 - |N(iy)|^2 as a polynomial in y^2.

    A coefficient is set to zero if it vanishes to the accuracy of its terms.
    """
    N, D = stability_function(method)
    tolerance = irreducible(method).tolerance
    value: Polynomial = [0] * max(len(N), len(D))
    size: Polynomial = [0] * len(value)
    for sign, p in ((1, D), (-1, N)):
        for j, x in enumerate(p):
            for k, w in enumerate(p):
                if (j - k) % 2 == 0:  # i^j (-i)^k = (-1)^((j - k) / 2)
                    term = sign * (-1) ** ((j - k) // 2 % 2) * x * w
                    value[(j + k) // 2] += term
                    size[(j + k) // 2] += abs(term)
    return [_chop(x, tolerance * s) for x, s in zip(value, size, strict=True)]


def _half_trace(method: Method) -> Polynomial:
    """Half the trace of the step matrix M for H = (p^2 + omega^2 q^2) / 2, as a polynomial in (h omega)^2."""
    convert, _ = arithmetic([x for _, x in method.substeps])
    n = len(method.substeps) // 2 + 2
    M = np.full((2, 2, n), convert(0), dtype=object)
    M[0, 0, 0] = M[1, 1, 0] = convert(1)
    for part, coefficient in method.substeps:
        a = convert(coefficient)
        if part == "A":
            M[0] = M[0] + a * M[1]
        else:
            M[1, :, 1:] = M[1, :, 1:] - a * M[0, :, :-1]
    return [x / 2 for x in M[0, 0] + M[1, 1]]


def _det_identity_minus_z_times(A: Exact) -> Polynomial:
    """Compute det(I - z A) by the Faddeev-LeVerrier algorithm."""
    s = len(A)
    identity = np.eye(s, dtype=int).astype(object)
    coefficients: Polynomial = [A[0, 0] * 0 + 1]  # not the integer 1, because its quotients would be floats
    M = identity
    for k in range(1, s + 1):
        AM = A @ M
        coefficients.append(-np.trace(AM) / k)
        M = AM + identity * coefficients[-1]  # this order, because mpmath would print an array on the right-hand side
    return coefficients


def _hurwitz(p: Polynomial) -> bool:
    """Whether all roots have negative real part (Routh array of a real polynomial)."""
    p = [x * (1 if p[-1] > 0 else -1) for x in p]
    above, row = p[::-1][::2], p[::-1][1::2]
    while row:
        if row[0] <= 0:
            return False
        ratio = above[0] / row[0]
        shifted = zip_longest(above[1:], row[1:], fillvalue=0)
        above, row = row, [x - ratio * y for x, y in shifted]
    return True


def _first_negative(factors: Sequence[Polynomial]) -> Number:
    """Largest x >= 0 such that the product of the factors is nonnegative on [0, x]."""
    factors = [[to_mpf(c) for c in _trim(f)] for f in factors]
    if not all(factors):
        return math.inf  # identically zero
    roots = sorted(root for f in factors for root in _positive_roots(f))
    for start, end in pairwise([mpmath.mpf(0), *roots, mpmath.inf]):
        # A root of even multiplicity can appear as two close roots; the sign between them is ignored.
        if end - start > 1e-15 * start:
            x = 2 * start + 1 if end == mpmath.inf else (start + end) / 2
            if math.prod(int(mpmath.sign(polyval(x, f))) for f in factors) < 0:
                return start
    return math.inf


def _positive_roots(p: Polynomial) -> list[Number]:
    """Positive roots of odd multiplicity, by bisection between the roots of the derivative."""
    while p and p[0] == 0:
        p = p[1:]
    n = len(p) - 1
    if n < 1:
        return []
    derivative = [k * x for k, x in enumerate(p)][1:]
    bound = 2 * max(abs(p[n - k] / p[n]) ** (mpmath.mpf(1) / k) for k in range(1, n + 1))  # Fujiwara
    ends = [mpmath.mpf(0), *(x for x in _positive_roots(derivative) if x < bound), bound]
    return [_bisect(p, a, b) for a, b in pairwise(ends) if polyval(a, p) * polyval(b, p) < 0 or polyval(b, p) == 0]


def _bisect(p: Polynomial, a: Number, b: Number) -> Number:
    """Root in (a, b], where p changes sign: Newton steps if they halve the interval, otherwise bisection."""
    if polyval(b, p) == 0:
        return b
    rising = polyval(b, p) > 0
    derivative = [k * x for k, x in enumerate(p)][1:]
    x, step = (a + b) / 2, b - a
    for _ in range(200):
        value, slope = polyval(x, p), polyval(x, derivative)
        a, b = (a, x) if (value > 0) == rising else (x, b)
        last, step = step, value / slope if slope else b - a
        if not (a < x - step < b and abs(step) < abs(last) / 2):
            x, step = (a + b) / 2, (b - a) / 2
            if step <= 1e-28 * b:
                break
        else:
            x -= step
            if abs(step) <= 1e-28 * b:
                break
    return x


def _greatest_common_divisor(p: Polynomial, q: Polynomial, tolerance: float) -> Polynomial:
    """Monic greatest common divisor by Euclid's algorithm; a remainder below the tolerance counts as zero."""
    p, q = _trim(p), _trim(q)
    while q:
        q = [x / q[-1] for x in q]
        size = max(abs(x) for x in p)
        p, q = q, _trim([_chop(x, tolerance * size) for x in _divide(p, q)[1]])
    return p


def _divide(p: Polynomial, q: Polynomial) -> Any:
    """Return quotient and remainder of p / q."""
    return tuple(map(list, polydiv(p, q)))


def _trim(p: Polynomial) -> Polynomial:
    """Remove zero leading coefficients."""
    while p and p[-1] == 0:
        p = p[:-1]
    return p


def _chop(x: Number, size: Number) -> Number:
    return x * 0 if abs(x) <= size else x
