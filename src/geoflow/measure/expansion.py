"""Sampled maximum of the expansion of distances in one step, for a method on a monotone field.

The supremum of the norm of the step's derivative is its Lipschitz constant, because R^d is convex and the step is
piecewise smooth; the sampled maximum is a lower bound. The theorem of `geoflow.theory.radii` gives an upper bound: at
most one for h <= 2 r beta, beta the cocoercivity of the field, which is 1/L for a gradient.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Floats, InputError, made
from geoflow.ground.study import Entry
from geoflow.integrators import RungeKutta
from geoflow.measure.gradient_step import step_jacobian
from geoflow.potentials import POTENTIALS, MonotoneField, gradient_field, with_skew
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.stability import real_stability_interval

TOLERANCE = 1e-8  # a smaller excess of a ratio over one is round-off
ELITE, CHILDREN, ROUNDS = 16, 4, 2  # parameters of the search around the points of largest expansion
JUST_ABOVE = 1.01
Norm = Callable[[Floats], Floats]


def spectral(J: Floats) -> Floats:
    """Largest singular value of each matrix, shape (N, d, d) -> (N,)."""
    squares = np.linalg.eigvalsh(np.swapaxes(J, 1, 2) @ J)[:, -1]
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def field_of(potential: Entry, skew: float = 0.0) -> MonotoneField:
    """Field F(x) = grad V(x) + S (x - x*), |S| = `skew`, of a potential given by name and parameters."""
    V = made(POTENTIALS, potential)
    return with_skew(V, skew) if skew else gradient_field(V)


def ratios_at(method: RungeKutta, F: MonotoneField, hL: float | Floats, x: Floats, norm: Norm = spectral) -> Floats:
    """Expansion of one step at each column of x; hL: step size in units of 1/L, one number or one per column."""
    return norm(step_jacobian(method, F, hL / F.L, x))


def sample(F: MonotoneField, points: int, seed: int, farthest: float = 30.0) -> Floats:
    """Sample points around the zero of F at distances from about 0.1 to `farthest`, shape (d, points)."""
    random = np.random.default_rng(seed)
    scales = 10 ** random.uniform(-1, np.log10(farthest), points)
    return F.zero[:, None] + scales * random.standard_normal((F.dimension, points))


@cache
def bounds(method: RungeKutta) -> tuple[float, float]:
    """Bounds 2 r and real stability interval, from the coefficients."""
    return 2 * (contractivity_radius(method) or 0.0), real_stability_interval(method) or 0.0


def bound_on(method: RungeKutta, F: MonotoneField) -> float:
    """Bound 2 r beta L of the step size in units of 1/L; infinite for B-stable methods, also without cocoercivity."""
    of_gradients = bounds(method)[0]
    return math.inf if of_gradients == math.inf else of_gradients * F.cocoercivity * F.L


def expands(ratio: float) -> bool:
    """Whether a ratio exceeds one by more than round-off."""
    return bool(ratio > 1 + TOLERANCE)


class Probe:
    """Search for the largest expansion of one method on one field; the best points are reused at the next step size."""

    def __init__(self, method: RungeKutta, F: MonotoneField, cloud: Floats, seed: int, norm: Norm = spectral) -> None:
        self.method, self.F, self.cloud, self.norm = method, F, cloud, norm
        self.random = np.random.default_rng([seed, 1])
        self.elite = cloud[:, :1]

    def ratios(self, hL: float, x: Floats) -> Floats:
        return ratios_at(self.method, self.F, hL, x, self.norm)

    def __call__(self, hL: float) -> float:
        """Return the sampled maximum of the ratio at h = hL / L, over the cloud and around its best points."""
        x = np.concatenate([self.cloud, self.elite], axis=1)
        found = self.ratios(hL, x)
        for _ in range(ROUNDS):
            best = np.argsort(found)[::-1][:ELITE]
            x, found = x[:, best], found[best]
            new = self._around(x)
            found = np.concatenate([found, self.ratios(hL, new)])
            x = np.concatenate([x, new], axis=1)
        self.elite = x[:, np.argsort(found)[::-1][:ELITE]]
        return float(found.max())

    def _around(self, x: Floats) -> Floats:
        parents = np.repeat(x, CHILDREN, axis=1)
        distance = np.linalg.norm(parents - self.F.zero[:, None], axis=0)
        scale = distance * 10 ** self.random.uniform(-2.5, 0, distance.size)
        return parents + scale * self.random.standard_normal(parents.shape)


def require(*values: Sequence[Any] | float) -> None:
    """Raise InputError for an empty list, a float that is not positive, or a count below two."""
    for value in values:
        size = value if isinstance(value, int | float) else len(value)
        if size <= (1 if isinstance(value, int) else 0):
            raise InputError(
                f"expected nonempty lists, positive step sizes and counts of at least two; got {value} among {values}."
            )


SIDE = 101  # points per side of the grid


def contours(potential: Mapping[str, Any], around: pd.DataFrame, margin: float = 0.25) -> pd.DataFrame:
    """Evaluate V on a square grid that contains the points of `around` with a margin."""
    V = made(POTENTIALS, potential)
    middle = [(around[axis].max() + around[axis].min()) / 2 for axis in ("x", "y")]
    half = (0.5 + margin) * max(float(np.ptp(around[axis])) for axis in ("x", "y"))
    sides = [np.linspace(m - half, m + half, SIDE) for m in middle]
    x, y = (side.ravel() for side in np.meshgrid(*sides))
    return pd.DataFrame({"x": x, "y": y, "value": V.value(np.stack([x, y]))})
