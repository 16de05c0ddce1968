"""Maximisation of a function of a few variables from many starts simultaneously, by a quasi-Newton method."""

from collections.abc import Callable

import numpy as np

from geoflow.ground import Floats

DIFFERENCE = 1e-6  # relative increment of the difference quotients
LENGTHS = np.array([1.0, 0.2, 0.04])  # relative step lengths of the line search


def gradients(f: Callable[[Floats], Floats], x: Floats) -> tuple[Floats, Floats]:
    """Compute f (n,) and its gradient (d, n) at the columns of x (d, n) by forward differences."""
    d, n = x.shape
    tiny = DIFFERENCE * (1 + np.abs(x).max(axis=0))
    shifts = np.concatenate([np.zeros((1, d, n)), tiny * np.eye(d)[:, :, None]])
    values = f(np.concatenate(list(x + shifts), axis=1)).reshape(d + 1, n)
    return values[0], (values[1:] - values[0]) / tiny


def ascend(f: Callable[[Floats], Floats], x: Floats, reach: Floats, rounds: int) -> Floats:
    """Maximise f from the columns of x by BFGS (NocedalWright2006, 6.1), all columns simultaneously.

    f: (d, k n) -> (k n,), called with k columns per column of x; reach: length of the first step of each column. If
    none of the step lengths increases f, the column is unchanged and restarts along its gradient.
    """
    d, n = x.shape
    value, g = gradients(f, x)
    H = np.zeros((n, d, d))
    fresh = np.ones(n, dtype=bool)
    for _ in range(rounds):
        steep = np.maximum(np.linalg.norm(g, axis=0), 1e-300)
        H[fresh] = (reach / steep)[fresh, None, None] * np.eye(d)
        direction = np.einsum("nij,jn->in", H, g)
        tried = np.concatenate([x + t * direction for t in LENGTHS], axis=1)
        found = f(tried).reshape(len(LENGTHS), n)
        best = np.where(np.isfinite(found), found, -np.inf).argmax(axis=0)
        better = found[best, np.arange(n)] > value
        step = np.where(better, LENGTHS[best], 0.0) * direction
        x = x + step
        value, g_new = gradients(f, x)
        change = g - g_new  # change of the gradient of -f
        H, fresh = _updated(H, step, change), ~better
        reach = np.where(better, reach, reach * LENGTHS[-1])
        g = g_new
    return x


def _updated(H: Floats, s: Floats, y: Floats) -> Floats:
    """BFGS update of the inverse Hessians for steps s and gradient changes y; unchanged if s^T y is not positive."""
    sy = (s * y).sum(axis=0)
    good = sy > 1e-12 * np.linalg.norm(s, axis=0) * np.linalg.norm(y, axis=0)
    rho = np.where(good, 1 / np.where(good, sy, 1.0), 0.0)[:, None, None]
    left = np.eye(len(s)) - rho * np.einsum("in,jn->nij", s, y)
    new = left @ H @ np.swapaxes(left, 1, 2) + rho * np.einsum("in,jn->nij", s, s)
    return np.where(good[:, None, None], new, H)
