"""Symmetric compositions phi_{g_s h} o ... o phi_{g_1 h} of a symmetric base method (HLW II.4, V.3).

The triple jump and Suzuki's five raise an even order by two at every turn; the published lists are shorter.
"""

from collections.abc import Callable, Sequence

import mpmath
from mpmath import mpf

from geoflow.integrators.families import Method, Number, compose

DIGITS = 50


def triple_jump(order: int) -> list[Number]:
    """Scale factors that lift an even `order` - 2 to `order`: 1/(2 - 2^(1/(order-1))) at both ends (Yoshida1990)."""
    with mpmath.workdps(DIGITS):
        g = 1 / (2 - mpf(2) ** (mpf(1) / (order - 1)))
        return [g, 1 - 2 * g, g]


def suzuki_five(order: int) -> list[Number]:
    """Suzuki's fractal with five factors: 1/(4 - 4^(1/(order-1))) four times, 1 - 4 g in the middle (Suzuki1990)."""
    with mpmath.workdps(DIGITS):
        g = 1 / (4 - mpf(4) ** (mpf(1) / (order - 1)))
        return [g, g, 1 - 4 * g, g, g]


def lifted(
    base: Method, factors: Callable[[int], list[Number]], order: int, reference: str
) -> Method:
    """`base` (symmetric, of order two) lifted to an even `order` by repeated `factors`."""
    method = base
    for reached in range(4, order + 1, 2):
        method = compose(method, factors(reached), reached, reference)
    return method


def symmetric_composition(base: Method, half: Sequence[str], order: int, reference: str) -> Method:
    """Composition with the palindrome of `half` (decimal strings, the middle factor last).

    The middle factor is taken as 1 minus the others, so that the sum is one to the last digit.
    """
    with mpmath.workdps(DIGITS):
        outer = [mpf(digits) for digits in half[:-1]]
        middle = 1 - 2 * sum(outer)
        if abs(middle - mpf(half[-1])) > mpf(10) ** (2 - len(half[-1].split(".")[-1].rstrip("0"))):
            raise ValueError(
                f"the published middle factor {half[-1]} does not complete the sum to one"
            )
        return compose(base, [*outer, middle, *outer[::-1]], order, reference)
