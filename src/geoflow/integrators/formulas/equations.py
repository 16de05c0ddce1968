"""Solvers for implicit steps, in plain loops that run on floats, on mpf and compiled; and Kahan's method."""

from typing import Any

import numpy as np

State = Any


def factorise_lu(M, pivots):  # type: ignore[no-untyped-def]
    """Factorise P M = L U in place with partial pivoting, L with unit diagonal; returns False if M is singular."""
    n = len(pivots)
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(M[i, k]) > abs(M[best, k]):
                best = i
        pivots[k] = best
        if best != k:
            for j in range(n):
                M[k, j], M[best, j] = M[best, j], M[k, j]
        if M[k, k] == 0:
            return False
        for i in range(k + 1, n):
            factor = M[i, k] / M[k, k]
            M[i, k] = factor
            for j in range(k + 1, n):
                M[i, j] -= factor * M[k, j]
    return True


def solve_lu(M, pivots, r):  # type: ignore[no-untyped-def]
    """Solve M x = r in place of r, with the factors computed by `factorise_lu`."""
    n = len(pivots)
    for k in range(n):
        best = pivots[k]
        r[k], r[best] = r[best], r[k]
    for k in range(n):
        for i in range(k + 1, n):
            r[i] -= M[i, k] * r[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            r[k] -= M[k, j] * r[j]
        r[k] /= M[k, k]


def eliminated(A: State, b: State) -> State:
    """Solve A x = b; overwrites A (n, n) and b (n,). Returns NaN if A is singular."""
    pivots = np.zeros(len(b), np.int64)
    if not factorise_lu(A, pivots):
        return b * np.nan
    solve_lu(A, pivots, b)
    return b


def solved(t: Any, y: State, h: Any, eps: Any, *, increment: Any) -> Any:
    """Solve y_1 = y + increment(t, y, y_1, h, eps) by Newton's method, iterated to round-off.

    The Jacobian is approximated by difference quotients, so that each correction is about sqrt(eps) times the last.
    """
    d = len(y)
    scale = 1 + np.abs(y).max()
    z, previous = y + 0 * y, 1e300 * scale
    for iteration in range(50):
        moved = increment(t, y, z, h, eps)
        J = np.zeros((d, d), y.dtype)
        for k in range(d):
            ahead = z + 0 * z
            shift = eps**0.5 * (1 + abs(z[k]))
            ahead[k] = ahead[k] + shift
            J[:, k] = (moved - increment(t, y, ahead, h, eps)) / shift
            J[k, k] = J[k, k] + 1
        correction = eliminated(J, z - y - moved)
        z = z - correction
        delta = np.abs(correction).max()
        # Below this, a correction that no longer decreases is round-off.
        if delta <= 4 * eps * scale or (delta <= eps**0.6 * scale and delta >= previous):
            return z, (iteration + 1) * (d + 1)
        if not delta < 1e100:
            break
        previous = delta
    return z, -1


def kahan(t: Any, y: Any, h: Any, eps: Any, *, quadratic_field: Any) -> Any:
    """Kahan's method y_1 = y + h (I - h/2 f'(y))^-1 f(y): linearly implicit, symmetric, birational (Kahan1993).

    For quadratic f this is (y_1 - y)/h = 2 f((y + y_1)/2) - f(y)/2 - f(y_1)/2 (CelledoniMcLachlanOwrenQuispel2013),
    and a central difference of any width equals the derivative.
    """
    d = len(y)
    M = np.zeros((d, d), y.dtype)
    for k in range(d):
        ahead, behind = y + 0 * y, y + 0 * y
        ahead[k], behind[k] = y[k] + 1, y[k] - 1
        slope = (quadratic_field(t, ahead) - quadratic_field(t, behind)) / 2
        M[:, k] = -h / 2 * slope
        M[k, k] = M[k, k] + 1
    return y + h * eliminated(M, quadratic_field(t, y)), 2 * d + 1
