"""Which coefficient is most probably wrong: the one whose change alone makes all conditions hold.

Every candidate is a direction in which coefficients move: a single entry of a tableau (in an explicit method its node
moves with it), a substep, two substeps that mirror each other, or a factor of a composition. Along each direction
Gauss-Newton minimises the sum of the squared defects of the order conditions; a direction along which all of them
vanish repairs the method.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoflow.check.conditions import Coefficients
from geoflow.check.findings import in_words, near_rational
from geoflow.ground.arrays import Floats
from geoflow.integrators.families import Method, RungeKutta, Splitting

ITERATIONS, SHIFT = 25, 1e-6
# Defects of repaired conditions: round-off of the sums, or what remains of the published digits.
REPAIRED, REMAINS = 2e-12, 1e-3
MOST_NAMED = 3


@dataclass(frozen=True, eq=False)
class Move:
    """Coefficients that move together: `direction` (n,); `entry` is the index of the one that is named."""

    entry: int
    direction: Floats

    @property
    def size(self) -> int:
        return int(np.count_nonzero(self.direction))


@dataclass(frozen=True, eq=False)
class Repair:
    """The `move` that makes all conditions hold, and by how much."""

    move: Move
    amount: float


def suspects(method: Method, full: Coefficients, quick: Coefficients) -> str:
    """The end of a sentence: which entry it is and what it should be, empty if no single change explains all.

    The conditions of `quick`, which are fewer, propose what those of `full` confirm.
    """
    found = sorted(
        repairs(full, quick, moves(method, full)), key=lambda one: _simplicity(full, one)
    )
    named = [_sentence(full, repair) for repair in found[:MOST_NAMED]]
    rest = len(found) - MOST_NAMED
    return " or ".join(named) + (f" (or one of {rest} others)" if rest > 0 else "")


def _wanted(coefficients: Coefficients, repair: Repair, k: int) -> float:
    return float(coefficients.values[k] + repair.amount * repair.move.direction[k])


def _simplicity(coefficients: Coefficients, repair: Repair) -> tuple[bool, float]:
    """Entries that were typed as zero come last, simple fractions first."""
    rational = near_rational(_wanted(coefficients, repair, repair.move.entry))
    typed_zero = bool(coefficients.values[repair.move.entry] == 0)
    return typed_zero, np.inf if rational is None else float(rational.denominator)


def _sentence(coefficients: Coefficients, repair: Repair) -> str:
    k = repair.move.entry
    others = [int(i) for i in np.flatnonzero(repair.move.direction) if i != k]
    together = ", ".join(coefficients.names[i] for i in others)
    if len(others) == 1 and not together.startswith("c["):
        entries = [k, *others]
        typed = " and ".join(
            f"{coefficients.names[i]} = {in_words(coefficients.numbers[i])}" for i in entries
        )
        wanted = " and ".join(_number(_wanted(coefficients, repair, i)) for i in entries)
        return f"entries {typed} should be {wanted}"
    text = f"entry {coefficients.names[k]} = {in_words(coefficients.numbers[k])} should be"
    text = f"{text} {_number(_wanted(coefficients, repair, k))}"
    return f"{text} (and {together} with it)" if others else text


def _number(x: float) -> str:
    rational = near_rational(x)
    return in_words(x if rational is None else rational)


def repairs(full: Coefficients, quick: Coefficients, candidates: Sequence[Move]) -> list[Repair]:
    """The moves along which every defect vanishes, those of the fewest coefficients."""
    x = full.values
    start = float(np.abs(full.defects(x[None])).max())
    limit = max(REPAIRED, REMAINS * min(start, 1e-6))
    for size in sorted({move.size for move in candidates}):
        group = [move for move in candidates if move.size == size]
        directions = np.array([move.direction for move in group])
        here = np.array([x[move.entry] for move in group])
        found: dict[int, Repair] = {}
        # The second start changes the sign of the entry, the slip that is farthest from the truth.
        for start_at in (np.zeros(len(group)), -2 * here):
            amounts, left = _least_squares(quick, x, directions, start_at)
            hopeful = np.flatnonzero(left <= limit)
            if len(hopeful):
                rows = x + amounts[hopeful, None] * directions[hopeful]
                left[hopeful] = np.abs(full.defects(rows)).max(axis=1)
            for move, t, rest in zip(group, amounts, left, strict=True):
                if rest <= limit:
                    found.setdefault(move.entry, Repair(move, float(t)))
        if found:
            return list(found.values())
    return []


def _least_squares(
    coefficients: Coefficients, x: Floats, directions: Floats, amounts: Floats
) -> tuple[Floats, Floats]:
    """The amounts (N,) after Gauss-Newton along each direction, and the largest defects that are left (N,)."""
    e = SHIFT

    def defects(t: Floats) -> Floats:
        return coefficients.defects(x + t[:, None] * directions)

    best, left = amounts, np.full(len(amounts), np.inf)
    for _ in range(ITERATIONS):
        here = defects(amounts)
        largest = np.abs(here).max(axis=1)
        better = largest < left
        best, left = np.where(better, amounts, best), np.where(better, largest, left)
        slope = (defects(amounts + e) - defects(amounts - e)) / (2 * e)
        square = (slope * slope).sum(axis=1)
        change = np.where(square > 0, (slope * here).sum(axis=1) / np.maximum(square, 1e-300), 0.0)
        amounts = amounts - np.clip(change, -1.0, 1.0)
        if not (np.abs(change) > 1e-14).any():
            break
    return best, left


def moves(method: Method, coefficients: Coefficients) -> list[Move]:
    """The candidates for a method of any family."""
    n = len(coefficients.numbers)
    if isinstance(method, Splitting):
        return _of_substeps(method, n)
    if isinstance(method, RungeKutta):
        return _of_tableau(method, n)
    return [Move(k, row) for k, row in enumerate(np.eye(n))]


def _of_tableau(method: RungeKutta, n: int) -> list[Move]:
    """Each entry alone; where c is the row sum of a row, the node moves with the entries of that row, too."""
    s = method.stages
    A, _, c = method.as_floats()
    singles = [Move(k, row) for k, row in enumerate(np.eye(n))]
    if method.explicit:
        singles = [m for m in singles if m.entry >= s * s or m.entry % s < m.entry // s]
    follows = np.abs(A.sum(axis=1) - c) < 1e-9
    together = []
    for move in singles:
        if move.entry < s * s and follows[move.entry // s]:
            direction = move.direction.copy()
            direction[s * s + s + move.entry // s] = 1.0
            together.append(Move(move.entry, direction))
    unit, lower = np.eye(n), {move.entry for move in singles}
    exchanged = [  # two entries of a row whose sum is kept
        Move(s * i + j, unit[s * i + j] - unit[s * i + k])
        for i in range(s)
        for j in range(s)
        for k in range(j + 1, s)
        if {s * i + j, s * i + k} <= lower
    ]
    exchanged += [  # two weights whose sum is kept
        Move(s * s + i, unit[s * s + i] - unit[s * s + j])
        for i in range(s)
        for j in range(i + 1, s)
    ]
    return singles + together + exchanged


def _of_substeps(method: Splitting, n: int) -> list[Move]:
    """Substeps alone and with their mirror image, and factors of compositions of Verlet and of Euler."""
    letters = [part for part, _ in method.substeps]
    unit = np.eye(n)
    single = [Move(k, unit[k]) for k in range(n)]
    factors = [Move(k, unit[k] + (unit[k - 1] + unit[k + 1]) / 2) for k in range(1, n - 1)]
    neighbours = [Move(k, unit[k] + unit[k + 1]) for k in range(n - 1)]
    plain = [*single, *factors, *neighbours]
    if letters != letters[::-1]:
        return plain
    mirrored = [
        Move(m.entry, m.direction + m.direction[::-1])
        for m in plain
        if not np.array_equal(m.direction, m.direction[::-1]) and m.entry < n - 1 - m.entry
    ]
    uneven = [Move(k, unit[k] - unit[n - 1 - k]) for k in range(n // 2)]
    middle = n // 2
    centre = unit[middle] + (unit[middle - 1] + unit[middle + 1]) / 2 if n > 2 else unit[middle]
    kept = [  # as `symmetric_composition` completes the sum to one by its middle factor
        Move(m.entry, m.direction - 2 * centre)
        for m in mirrored
        if 1 <= m.entry < middle - 2
        and m.direction[m.entry] == 1
        and m.direction[m.entry - 1] == 0.5
    ]
    return [*plain, *mirrored, *uneven, *kept]
