"""The order of a method from its coefficients, in exact arithmetic.

By order conditions up to `highest_order`, and beyond by Butcher's simplifying assumptions (HairerWanner1996, IV.5):

B(p): sum_i b_i c_i^(k-1) = 1/k for k <= p, the quadrature is exact for degrees below p.
C(q): sum_j a_ij c_j^(k-1) = c_i^k / k for all i and k <= q, every stage has order q.
D(r): sum_i b_i c_i^(k-1) a_ij = b_j (1 - c_j^k) / k for all j and k <= r.
They give the order: B(p), C(q), D(r) with p <= q + r + 1 and p <= 2q + 2 imply order p.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache

from geoflow.integrators import Method, RungeKutta
from geoflow.theory.order_conditions import HIGHEST, TOLERANCE, order_of
from geoflow.theory.reduction import Exact, Number, arithmetic, of_tableaus, tableau

# There are 1202 bicoloured trees with at most six vertices.
HIGHEST_PARTITIONED = 6


def highest_order(method: Method) -> int:
    """Largest order up to which the order conditions are checked."""
    return HIGHEST_PARTITIONED if len(method.tableaus) == 2 else HIGHEST


@cache
def order_from_coefficients(method: Method) -> tuple[int, bool] | None:
    """Return (p, whether p is only a lower bound); None for a method without coefficients."""
    beyond = len(method.tableaus) != 2 or method.order < 4
    highest = min(highest_order(method), method.order + beyond)
    found = order_of(method, highest)
    if found is None:
        return None
    if found == highest and method.tableau is not None and found <= method.order:
        found = max(found, _order_by_assumptions(method.tableau))
    return found, found == highest and found <= method.order and found != method.order


def _order_by_assumptions(method: RungeKutta) -> int:
    """Largest order p implied by B(p), C(q), D(r)."""
    held = simplifying_assumptions(method)
    assert held is not None
    p = min(held["B"], held["C"] + held["D"] + 1, 2 * held["C"] + 2)
    return int(p) if math.isfinite(p) else 0


def order_in_words(method: Method) -> str:
    """Order from the coefficients as text for a table: "4", "at least 8", or empty."""
    found = order_from_coefficients(method)
    if found is None:
        return ""
    order, more = found
    return f"at least {order}" if more else str(order)


@of_tableaus
def simplifying_assumptions(method: RungeKutta) -> dict[str, int | float]:
    """Largest p, q, r, with keys "B", "C", "D"; infinite if all hold. None for a different family."""
    t = tableau(method)
    convert, tolerance = arithmetic([*t.A.ravel(), *t.b, *t.c])
    allowed = 0 if tolerance == 0 else TOLERANCE

    def largest(defect: Callable[[int], Iterable[Number]]) -> int | float:
        # No quadrature with s nodes is exact beyond degree 2 s - 1, except on an interval of length zero.
        last = 2 * t.stages + 1
        failed = (k for k in range(1, last + 1) if any(abs(x) > allowed for x in defect(k)))
        return next(failed, math.inf) - 1

    def power(k: int) -> Exact:
        return t.c**k if k else t.c * 0 + 1  # 0^0 = 1

    def k_th(k: int) -> Number:
        return convert(Fraction(1, k))

    return {
        "B": largest(lambda k: [t.b @ power(k - 1) - k_th(k)]),
        "C": largest(lambda k: t.A @ power(k - 1) - power(k) * k_th(k)),
        "D": largest(lambda k: (t.b * power(k - 1)) @ t.A - t.b * (1 - power(k)) * k_th(k)),
    }
