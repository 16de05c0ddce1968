"""Equations of a step, solved by plain loops: on floats, on mpf, and compiled."""

from typing import Any

import numpy as np

State = Any


def eliminated(A: State, b: State) -> State:
    """x with A x = b by elimination with row pivots; overwrites A (n, n) and b (n,). NaN when A is singular."""
    n = len(b)
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(A[i, k]) > abs(A[pivot, k]):
                pivot = i
        for j in range(k, n):
            A[k, j], A[pivot, j] = A[pivot, j], A[k, j]
        b[k], b[pivot] = b[pivot], b[k]
        if A[k, k] == 0:
            return b * np.nan
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            for j in range(k + 1, n):
                A[i, j] = A[i, j] - factor * A[k, j]
            b[i] = b[i] - factor * b[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] = b[i] - A[i, j] * b[j]
        b[i] = b[i] / A[i, i]
    return b


def solved(t: Any, y: State, h: Any, eps: Any, *, increment: Any) -> Any:
    """y_1 = y + increment(t, y, y_1, h, eps) by Newton's method, iterated to round-off.

    Difference quotients serve for the Jacobian: with them a correction is about sqrt(eps) times the one before.
    """
    d = len(y)
    scale = 1 + np.abs(y).max()
    z, previous = y + 0 * y, 1e300 * scale
    for sweep in range(50):
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
        # Round-off: below this a correction that does not shrink is noise.
        if delta <= 4 * eps * scale or (delta <= eps**0.6 * scale and delta >= previous):
            return z, (sweep + 1) * (d + 1)
        if not delta < 1e100:
            break
        previous = delta
    return z, -1


def runge_kutta(t: Any, y: State, h: Any, eps: Any, *, field: Any, A: Any, b: Any, c: Any, most: Any) -> Any:
    """A Runge-Kutta step, its stages swept one after the other (most = [1] when explicit) to stagnation."""
    s = len(b)
    K = np.zeros((s, len(y)), y.dtype)
    scale = 1 + np.abs(y).max()
    previous = 1e300 * scale
    for sweep in range(int(most[0])):
        delta = 0 * scale
        for i in range(s):
            k = field(t + c[i] * h, y + h * (A[i] @ K))
            delta = max(delta, abs(h) * np.abs(k - K[i]).max())
            K[i] = k
        if most[0] == 1 or delta == 0 or (delta >= previous and delta <= 1000 * eps * scale):
            return y + h * (b @ K), (sweep + 1) * s
        if not delta < 1e100:
            break
        previous = delta
    return y, -1
