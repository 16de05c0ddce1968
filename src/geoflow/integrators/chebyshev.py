"""Runge-Kutta-Chebyshev methods: explicit stabilised methods whose stability interval grows like S^2.

Their recursion Y_j = (1 - mu - nu) Y_0 + mu Y_(j-1) + nu Y_(j-2) + h (mt F_(j-1) + gt F_0), with four coefficients per
stage, is applied to the rows of the tableau, so that they are stored as Runge-Kutta methods (Verwer1996,
SommeijerShampineVerwer1998).
"""

from collections.abc import Callable
from fractions import Fraction

import mpmath
from mpmath import mpf

from geoflow.integrators.families import Number, RungeKutta, explicit_rk, to_mpf

DIGITS = 50


def rkc_1(stages: int, damping: Number = Fraction(1, 20)) -> RungeKutta:
    """RKC method of order one: R(z) = T_s(w0 + w1 z) / T_s(w0), w0 = 1 + damping / s^2.

    It is stable on about [-1.93 s^2, 0] for damping 0.05. |R| <= 1 / T_s(w0) for w0 + w1 z in [-1, 1]; the rest of
    the interval, up to z = 0, is not damped.
    """
    with mpmath.workdps(DIGITS):
        w0 = 1 + to_mpf(damping) / stages**2
        T, dT, _ = _chebyshev(stages, w0)
        b = [1 / x for x in T]
        w1 = T[stages] / dT[stages]
        return _recursion(stages, b, w0, w1, w1 / w0, lambda j: mpf(0), 1, "Verwer1996")


def rkc_2(stages: int) -> RungeKutta:
    """RKC method of order two, stable on about [-0.65 s^2, 0].

    R(z) = 1 - b_s T_s(w0) + b_s T_s(w0 + w1 z) with w0 = 1 + 2 / (13 s^2).
    """
    with mpmath.workdps(DIGITS):
        w0 = 1 + mpf(2) / (13 * stages**2)
        T, dT, ddT = _chebyshev(stages, w0)
        b = [ddT[j] / dT[j] ** 2 if j > 1 else mpf(0) for j in range(stages + 1)]
        b[0] = b[1] = b[2]
        w1 = dT[stages] / ddT[stages]
        reference = "SommeijerShampineVerwer1998"
        return _recursion(stages, b, w0, w1, b[1] * w1, lambda j: 1 - b[j] * T[j], 2, reference)


def _chebyshev(n: int, x: Number) -> tuple[list[Number], list[Number], list[Number]]:
    """T_j(x), T_j'(x), T_j''(x) for j = 0..n, from T_(j+1) = 2 x T_j - T_(j-1) and its derivatives."""
    T, dT, ddT = [mpf(1), x], [mpf(0), mpf(1)], [mpf(0), mpf(0)]
    for j in range(1, n):
        ddT.append(2 * x * ddT[j] + 4 * dT[j] - ddT[j - 1])
        dT.append(2 * x * dT[j] + 2 * T[j] - dT[j - 1])
        T.append(2 * x * T[j] - T[j - 1])
    return T, dT, ddT


def _recursion(
    s: int, b: list[Number], w0: Number, w1: Number, first: Number, a: Callable[[int], Number], order: int,
    reference: str,
) -> RungeKutta:  # fmt: skip
    """Compute the rows of A from Y_j = y + h sum_i row_j[i] F_i; the row of Y_s contains the weights b."""
    rows = [[mpf(0)] * s, [first] + [mpf(0)] * (s - 1)]
    for j in range(2, s + 1):
        mu, nu, slope = 2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2], 2 * b[j] * w1 / b[j - 1]
        row = [mu * x + nu * y for x, y in zip(rows[j - 1], rows[j - 2], strict=True)]
        row[j - 1] += slope
        row[0] -= a(j - 1) * slope
        rows.append(row)
    return explicit_rk([row[:j] for j, row in enumerate(rows[:s])], rows[s], order, reference)
