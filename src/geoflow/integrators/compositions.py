"""Compositions phi_{g_s h} o ... o phi_{g_1 h} of a base method, and adjoint methods (HLW II.3, II.4, V.3).

For a symmetric base, each application of the triple jump or of Suzuki's fractal raises the even order by two; the
published compositions need fewer factors. A first-order base is composed with its adjoint. The coefficients of a
symmetric splitting form a palindrome.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import mpmath
from mpmath import mpf

from geoflow.ground import InputError
from geoflow.integrators.families.coefficients import WORKING_DIGITS, Number, check_digits, check_numbers, to_mpf
from geoflow.integrators.families.method import Method
from geoflow.integrators.families.splitting import Splitting, splitting

DIGITS = 50
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compose(base: Method, gammas: Sequence[Number], order: int, reference: str) -> Method:
    """Compose phi_{gamma_s h} o ... o phi_{gamma_1 h} of a base method; the result belongs to the same family."""
    check_numbers("gammas", gammas)
    with mpmath.workdps(WORKING_DIGITS):
        if any(isinstance(x, mpf) for x in (*base.coefficients, *gammas)):
            gammas = [to_mpf(g) for g in gammas]
        return base.composed(gammas, order, reference)


def adjoint(method: Method) -> Method:
    """Adjoint method phi*_h = (phi_{-h})^{-1} (HLW II.3); a method is symmetric if it equals its adjoint."""
    return method.adjoint()


def lie_trotter(parts: int) -> Splitting:
    """Lie-Trotter splitting phi_h = ... o phi^B_h o phi^A_h for any number of parts (HLW II.5.1)."""
    return splitting(LETTERS[:parts], [1] * parts, 1, "HLW")


def strang(parts: int) -> Splitting:
    """Strang splitting ABCBA: half steps of all parts except the last, which takes a full step (HLW II.5.2)."""
    outer, half = LETTERS[: parts - 1], [Fraction(1, 2)] * (parts - 1)
    return splitting(outer + LETTERS[parts - 1] + outer[::-1], [*half, 1, *half], 2, "HLW")


def triple_jump(order: int) -> list[Number]:
    """Triple-jump factors, which raise an even `order` - 2 to `order` (Yoshida1990).

    The outer factors are 1/(2 - 2^(1/(order-1))), and the sum is one.
    """
    with mpmath.workdps(DIGITS):
        g = 1 / (2 - mpf(2) ** (mpf(1) / (order - 1)))
        return [g, 1 - 2 * g, g]


def suzuki_five(order: int) -> list[Number]:
    """Suzuki's five factors: g = 1/(4 - 4^(1/(order-1))) four times, 1 - 4 g in the middle (Suzuki1990)."""
    with mpmath.workdps(DIGITS):
        g = 1 / (4 - mpf(4) ** (mpf(1) / (order - 1)))
        return [g, g, 1 - 4 * g, g, g]


def lifted(base: Method, factors: Callable[[int], list[Number]], order: int, reference: str) -> Method:
    """Raise a symmetric `base` of order two to an even `order` by repeated composition with `factors`."""
    if order % 2:
        raise InputError(f"a symmetric method has an even order, got {order}; try {order + 1}.")
    method = base
    for reached in range(4, order + 1, 2):
        method = compose(method, factors(reached), reached, reference)
    return method


def symmetric_composition(base: Method, half: Sequence[str], order: int, reference: str) -> Method:
    """Compose `base` with the palindrome of `half` (decimal strings, the middle factor last).

    The middle factor is computed as 1 minus the others, so that the sum is one to full precision.
    """
    return compose(base, _palindrome(half, single=True), order, reference)


def adjoint_pairs(base: Method, alphas: Sequence[Number], order: int, reference: str) -> Splitting:
    """Compose phi_{alpha_s h} o phi*_{alpha_1 h} o ... o phi_{alpha_1 h} o phi*_{alpha_s h} (HLW V.3.2)."""
    with mpmath.workdps(DIGITS):
        substeps = []
        for alpha, beta in zip(alphas, alphas[::-1], strict=True):
            substeps += [(part, beta * x) for part, x in base.substeps[::-1]]
            substeps += [(part, alpha * x) for part, x in base.substeps]
        parts = "".join(part for part, _ in substeps)
        return splitting(parts, [x for _, x in substeps], order, reference)


def symmetric_splitting(
    first: str, outer: Sequence[str], inner: Sequence[str], order: int, reference: str, needs: str = ""
) -> Splitting:
    """Build the symmetric splitting that alternates `outer` (part `first`, at both ends) and `inner` (the other part).

    Each list is the first half of the coefficients of its part, as decimal strings. The longer list, or `inner` if
    the lengths are equal, contains the middle substep. The last coefficient of each part follows from the sum one.
    """
    second = "A" if first == "B" else "B"
    longer = len(outer) > len(inner)
    a, b = _palindrome(outer, single=longer), _palindrome(inner, single=not longer)
    parts = (first + second) * len(b) + first
    coefficients = [x for pair in zip(a, b, strict=False) for x in pair] + [a[-1]]
    return splitting(parts, coefficients, order, reference, needs)


def decimals(text: str) -> list[str]:
    """Split a text into decimal strings."""
    return text.split()


def _palindrome(half: Sequence[str], single: bool) -> list[Number]:
    """Extend `half` by its mirror image to a sequence of sum one; `single`: the last number occurs only once."""
    check_digits(half)
    with mpmath.workdps(DIGITS):
        outer = [mpf(digits) for digits in half[:-1]]
        middle = 1 - 2 * sum(outer) if single else mpf(1) / 2 - sum(outer)
        if abs(middle - mpf(half[-1])) > mpf(10) ** (2 - len(half[-1].split(".")[-1].rstrip("0"))):
            raise InputError(
                f"expected the last of the coefficients {', '.join(half)} to complete the sum to one, which is "
                f"{mpmath.nstr(middle, 20)}; got {half[-1]}."
            )
        return [*outer, *([middle] if single else [middle, middle]), *outer[::-1]]
