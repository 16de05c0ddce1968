"""Search for a wrong coefficient: the one whose change alone satisfies all conditions.

Every candidate is a direction (n,) in the space of coefficients: a single entry of a tableau (in an explicit method
together with its node), a substep, two symmetric substeps, or a factor of a composition; its first entry of size 1 is
the one that is reported. Along each direction Gauss-Newton minimises the sum of the squared defects of the
order conditions; a direction along which all of them vanish repairs the method.
"""

from itertools import chain, combinations
from typing import Any

import numpy as np

from geoflow.check.findings import in_words, near_rational
from geoflow.ground import Floats
from geoflow.integrators.families import Method, RungeKutta
from geoflow.theory.perturbed_conditions import AS_ROW_SUM, Coefficients

ITERATIONS, SHIFT = 25, 1e-6
# Tolerances of repaired conditions: round-off of the sums, or the accuracy of published digits.
REPAIRED, REMAINS = 2e-12, 1e-3
MOST_NAMED = 3


def suspects(method: Method, full: Coefficients, quick: Coefficients) -> str:
    """End of an error message with the wrong entry and its correct value; empty if no single change repairs the method.

    The conditions of `quick`, which are fewer, are used to find candidates, and those of `full` to confirm them.
    """
    found = repairs(full, quick, directions(method, len(full.numbers)))
    named = [_sentence(full, *one) for one in sorted(found.items(), key=lambda one: _rank(full, *one))]
    rest = f" (or one of {len(named) - MOST_NAMED} others)" if len(named) > MOST_NAMED else ""
    return " or ".join(named[:MOST_NAMED]) + rest


def _rank(full: Coefficients, k: int, change: Floats) -> tuple[bool, float]:
    """Sort key: simple fractions first, entries that are zero last."""
    rational = near_rational(full.values[k] + change[k])
    return bool(full.values[k] == 0), np.inf if rational is None else float(rational.denominator)


def _sentence(full: Coefficients, k: int, change: Floats) -> str:
    entries = [k, *(int(i) for i in np.flatnonzero(change) if i != k)]
    names = [list(full.numbers)[i] for i in entries]
    typed = [f"{name} = {in_words(full.numbers[name])}" for name in names]
    numbers = [(x, near_rational(x)) for x in (full.values + change)[entries]]
    wanted = [in_words(x if rational is None else rational) for x, rational in numbers]
    if len(names) == 2 and not names[1].startswith("c["):
        return f"entries {' and '.join(typed)} should be {' and '.join(wanted)}"
    others = f" (and {', '.join(names[1:])} with it)" if names[1:] else ""
    return f"entry {typed[0]} should be {wanted[0]}{others}"


def repairs(full: Coefficients, quick: Coefficients, candidates: Floats) -> dict[int, Floats]:
    """Reported entry -> change of all coefficients that makes every defect vanish, with the fewest coefficients."""
    x = full.values
    limit = max(REPAIRED, REMAINS * min(float(np.abs(full.defects(x[None])).max()), 1e-6))
    sizes = np.count_nonzero(candidates, axis=1)
    for size in np.unique(sizes):
        group = candidates[sizes == size]
        entries = (np.abs(group) == 1).argmax(axis=1)
        found: dict[int, Floats] = {}
        # The second start changes the sign of the entry, because a wrong sign is the largest common error.
        for start in (0 * x[entries], -2 * x[entries]):
            amounts, left = _least_squares(quick, x, group, start)
            for n in np.flatnonzero(left <= limit):
                change = amounts[n] * group[n]
                if np.abs(full.defects((x + change)[None])).max() <= limit:
                    found.setdefault(int(entries[n]), change)
        if found:
            return found
    return {}


def _least_squares(quick: Coefficients, x: Floats, moves: Floats, amounts: Floats) -> Any:
    """Apply Gauss-Newton along each direction; returns the amounts (N,) and the largest remaining defects (N,)."""

    def defects(t: Floats) -> Floats:
        return quick.defects(x + t[:, None] * moves)

    best, left = amounts, np.full(len(amounts), np.inf)
    for _ in range(ITERATIONS):
        here = defects(amounts)
        largest = np.abs(here).max(axis=1)
        better = largest < left
        best, left = np.where(better, amounts, best), np.where(better, largest, left)
        slope = (defects(amounts + SHIFT) - defects(amounts - SHIFT)) / (2 * SHIFT)
        square = np.maximum((slope * slope).sum(axis=1), 1e-300)
        change = (slope * here).sum(axis=1) / square
        amounts = amounts - np.clip(change, -1.0, 1.0)
        if not (np.abs(change) > 1e-14).any():
            break
    return best, left


def directions(method: Method, n: int) -> Floats:
    """Candidate directions for a method of any family, shape (N, n)."""
    unit = np.eye(n)
    if method.tableau is not None:
        return np.array(_of_tableau(method.tableau, unit))
    return np.array(_of_substeps(method, unit)) if method.substeps else unit


def _of_tableau(method: RungeKutta, unit: Floats) -> list[Floats]:
    """Directions: each entry; pairs in a row, or pairs of weights, with constant sum; an entry with its node."""
    s = method.stages
    A, _, c = method.as_floats()
    rows = [[s * i + j for j in range(i if method.explicit else s)] for i in range(s)]
    weights, nodes = ([start + i for i in range(s)] for start in (s * s, s * s + s))
    follows = [i for i in range(s) if abs(A[i].sum() - c[i]) < AS_ROW_SUM]
    return [
        *(unit[k] for k in chain(*rows, weights, nodes)),
        *(unit[k] + unit[nodes[i]] for i in follows for k in rows[i]),
        *(unit[k] - unit[m] for row in (*rows, weights) for k, m in combinations(row, 2)),
    ]


def _of_substeps(method: Method, unit: Floats) -> list[Floats]:
    """Directions: substeps alone and with their mirror image; factors of compositions of Verlet and of Euler."""
    n, letters = len(unit), [part for part, _ in method.substeps]
    factors = [unit[k] + (unit[k - 1] + unit[k + 1]) / 2 for k in range(1, n - 1)]
    plain = [*unit, *factors, *(unit[k] + unit[k + 1] for k in range(n - 1))]
    if letters != letters[::-1]:
        return plain
    first = [move for move in plain if np.argmax(move == 1) < np.argmax(move[::-1] == 1)]
    middle = n // 2
    # `symmetric_composition` completes the sum to one by its middle factor.
    outer = factors[: max(middle - 3, 0)]
    completed = [one + one[::-1] - 2 * factors[middle - 1] for one in outer]
    return [*plain, *(move + move[::-1] for move in first), *completed]
