"""The smallest step at which a method expands on a field: searches with several seeds, until some agree."""

from dataclasses import replace

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators import RungeKutta
from geoflow.measure.expansion import JUST_ABOVE, Norm, spectral
from geoflow.measure.expansion_search import First, Search
from geoflow.potentials import MonotoneField

AGREE = 2  # searches with equal results end the repetition
CONFIRM = 8  # times as many points
MISSES = {True: 4, False: 2}  # explicit method -> so many of these searches without an earlier step end them
AGREED = 5e-3  # relative difference of two steps that count as equal


def first_expansion(
    method: RungeKutta, F: MonotoneField, grid: Floats, points: int, seed: int, repeats: int, norm: Norm = spectral
) -> First:
    """The smallest step of searches with different seeds, until some agree, at most `repeats`; 0: starts alone.

    Then searches with more points start at steps around what was found, or at the largest one, until MISSES of them
    find nothing earlier.
    """
    if not repeats:
        return Search(method, F, points, seed, norm).first(grid, ascent=False)
    runs: list[First] = []
    for k in range(repeats):
        runs.append(Search(method, F, points, seed + 1000 * k, norm).first(grid))
        steps = np.array([run.step for run in runs])
        steps[np.isnan(steps)] = np.inf
        best = runs[int(steps.argmin())]
        if best.at_most or (steps <= (1 + AGREED) * steps.min()).sum() >= AGREE:
            break
    misses = 0
    for k in range(2 * repeats):
        if best.at_most or misses == MISSES[method.explicit]:
            break
        known = best.step if np.isfinite(best.step) else grid[-1]
        more = Search(method, F, CONFIRM * points, seed + 1000 * (repeats + k), norm)
        earlier = more.earlier(known, 0.0, grid[0])
        misses += not earlier.step < (1 - AGREED) * known
        best = earlier if earlier.step < known else best
    return replace(best, ratios=np.max([run.ratios for run in runs], axis=0))


def steps_between(smallest: float, end: float, bound: float, count: int) -> Floats:
    """Where searches start: three steps below a finite positive bound, the bound, and `count` steps above it."""
    if not smallest < bound < end:
        return np.geomspace(smallest, end, count)
    within = np.geomspace(smallest, bound, 4)
    beyond = np.geomspace(bound, end, count + 1)[1:]
    return np.unique(np.concatenate([within[:-1], [bound, JUST_ABOVE * bound], beyond]))
