"""Butcher's simplifying assumptions of a tableau (HairerWanner1996, IV.5).

B(p): sum_i b_i c_i^(k-1) = 1/k for k <= p, the quadrature is exact for degrees below p.
C(q): sum_j a_ij c_j^(k-1) = c_i^k / k for all i and k <= q, every stage is that accurate.
D(r): sum_i b_i c_i^(k-1) a_ij = b_j (1 - c_j^k) / k for all j and k <= r.
They give the order: B(p), C(q), D(r) with p <= q + r + 1 and p <= 2q + 2 imply order p.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

from geoflow.integrators.families import RungeKutta
from geoflow.theory.order_conditions import TOLERANCE
from geoflow.theory.reduction import Exact, Number, arithmetic, of_tableaus, tableau


@of_tableaus
def simplifying_assumptions(method: RungeKutta) -> dict[str, int | float]:
    """The largest p, q, r by their names "B", "C", "D"; infinite when all hold. None for another family."""
    t = tableau(method)
    convert, tolerance = arithmetic([*t.A.ravel(), *t.b, *t.c])
    allowed = 0 if tolerance == 0 else TOLERANCE

    def largest(defect: Callable[[int], Iterable[Number]]) -> int | float:
        # No quadrature of s nodes is exact beyond degree 2 s - 1 but that of an empty interval.
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
