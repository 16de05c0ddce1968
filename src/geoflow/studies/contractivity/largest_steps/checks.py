"""Is the first expansion found too late? An independent search says, and catches a weak one."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geoflow.ground import Tools
from geoflow.measure.expansion import Probe, bounds, expands, sample
from geoflow.measure.expansion_search import Search
from geoflow.measure.gradient_step import runge_kutta
from geoflow.potentials import MonotoneField
from geoflow.studies.contractivity.largest_steps.config import LargestSteps

TIMES = 10  # as many points as the search that is checked
ALLOWED = 0.02  # relative
WEAK, HALVINGS = 150, 12
COLUMNS = ("field", "method", "first_expansion", "independent", "weak")


def check_pairs(
    table: pd.DataFrame, fields: Mapping[str, MonotoneField], asked: LargestSteps, tools: Tools
) -> pd.DataFrame:
    """Search again, with other seeds and ten times the points, on a random share of the pairs of `table`.

    Pairs of B-stable methods, which cannot expand, and pairs that expand at the smallest step are left out. Where no
    expansion is known the independent search starts at the end of the steps. `independent` and `weak` are first
    expansions; the weak probe, a negative control, runs on the first `controls` pairs.
    """
    open_ = table[(table["bound"] < math.inf) & (table["at_most"] == 0)]
    random = np.random.default_rng([asked.seed, 3])
    chosen = random.permutation(len(open_))[: math.ceil(asked.checked * len(open_))]
    rows = []
    for k, place in enumerate(tools.progress(chosen, "checks")):
        row = open_.iloc[place]
        method, F = runge_kutta(row["method"]), fields[row["field"]]
        points = asked.points if method.explicit else asked.implicit_points
        end = min(asked.largest, 1.1 * bounds(method)[1])
        first = float(row["first_expansion"])
        known = end if math.isnan(first) else first
        below = 0.0 if math.isnan(first) else (1 - ALLOWED) * first
        search = Search(method, F, TIMES * points, asked.seed + 1_000_000)
        found = search.earlier(known, below, asked.smallest).step
        found = found if found <= known else math.nan
        weak = math.nan
        if k < asked.controls:
            cloud = sample(F, WEAK if method.explicit else WEAK // 4, asked.seed)
            grid = np.geomspace(asked.smallest, end, asked.count)
            weak = weak_first(Probe(method, F, cloud, asked.seed), grid)
        rows.append((row["field"], row["method"], first, found, weak))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def weak_first(probe: Probe, grid: np.ndarray) -> float:
    """A negative control: the first expansion by sampling on a grid and bisection, as if it were monotone."""
    steps = [float(hL) for hL in grid]
    k = next((k for k, hL in enumerate(steps) if expands(probe(hL))), None)
    if k is None:
        return math.inf
    low, high = (steps[k - 1] if k else 0.0), steps[k]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if expands(probe(middle)) else (middle, high)
    return high


def summarise_checks(checks: pd.DataFrame) -> dict[str, float]:
    """`found_earlier`: pairs that the independent search sees expand more than 2 % earlier, among `checked` pairs, and
    their share.

    `most_earlier`: by how much at most, relative; `weak_found_earlier`: the same of the weak probe's results, among
    `controls` pairs. A pair without a first expansion counts when any is found.
    """
    first = checks["first_expansion"].fillna(math.inf)
    ratio = (checks["independent"] / first).fillna(1.0)
    controls = checks[checks["weak"].notna()]
    known = controls[["first_expansion", "independent"]].min(axis=1)
    return {
        "checked": float(len(checks)),
        "found_earlier": float((ratio < 1 - ALLOWED).sum()),
        "earlier_share": float((ratio < 1 - ALLOWED).mean()),
        "most_earlier": float((1 - ratio).clip(lower=0).max()),
        "controls": float(len(controls)),
        "weak_found_earlier": float((known < (1 - ALLOWED) * controls["weak"]).sum()),
    }
