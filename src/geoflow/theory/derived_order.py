"""The order of a method as far as its coefficients say it, in exact arithmetic."""

import math
from functools import cache

from geoflow.integrators import Method, PartitionedRungeKutta, RungeKutta
from geoflow.theory.order_conditions import HIGHEST, order_of
from geoflow.theory.simplifying_assumptions import simplifying_assumptions

# There are 1202 bicoloured trees of at most six vertices.
HIGHEST_PARTITIONED = 6


def highest_order(method: Method) -> int:
    """Up to which order the conditions are taken."""
    return HIGHEST_PARTITIONED if isinstance(method, PartitionedRungeKutta) else HIGHEST


@cache
def order_from_coefficients(method: Method) -> tuple[int, bool] | None:
    """(p, whether p is only a lower bound); None for a method without coefficients."""
    beyond = not isinstance(method, PartitionedRungeKutta) or method.order < 4
    highest = min(highest_order(method), method.order + beyond)
    found = order_of(method, highest)
    if found is None:
        return None
    if found == highest and isinstance(method, RungeKutta) and found <= method.order:
        found = max(found, _order_by_assumptions(method))
    return found, found == highest and found <= method.order and found != method.order


def _order_by_assumptions(method: RungeKutta) -> int:
    """B(p), C(q), D(r) with p <= q + r + 1 and p <= 2 q + 2 give the order p (HairerWanner1996, IV.5.1)."""
    held = simplifying_assumptions(method)
    assert held is not None
    p = min(held["B"], held["C"] + held["D"] + 1, 2 * held["C"] + 2)
    return int(p) if math.isfinite(p) else 0


def order_in_words(method: Method) -> str:
    """The order from the coefficients, as a table shows it: "4", "at least 8", or nothing."""
    found = order_from_coefficients(method)
    if found is None:
        return ""
    order, more = found
    return f"at least {order}" if more else str(order)
