"""Compositions phi_{g_s h} o ... o phi_{g_1 h} of a base method, and adjoint methods (HLW II.3, II.4, V.3).

Of a symmetric base, the triple jump and Suzuki's five raise an even order by two at every turn; the published lists are
shorter. A first-order base is composed with its adjoint. A splitting's own coefficients form a palindrome.
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
    """phi_{gamma_s h} o ... o phi_{gamma_1 h} of a base method, again as data of its family."""
    check_numbers("gammas", gammas)
    with mpmath.workdps(WORKING_DIGITS):
        if any(isinstance(x, mpf) for x in (*base.coefficients, *gammas)):
            gammas = [to_mpf(g) for g in gammas]
        return base.composed(gammas, order, reference)


def adjoint(method: Method) -> Method:
    """The adjoint phi*_h = (phi_{-h})^{-1} (HLW II.3); a method is symmetric when it is its own adjoint."""
    return method.adjoint()


def lie_trotter(parts: int) -> Splitting:
    """phi_h = ... o phi^B_h o phi^A_h for any number of parts (HLW II.5.1)."""
    return splitting(LETTERS[:parts], [1] * parts, 1, "HLW")


def strang(parts: int) -> Splitting:
    """Half steps of all parts but the last, which takes a whole one, then back: ABCBA (HLW II.5.2)."""
    outer, half = LETTERS[: parts - 1], [Fraction(1, 2)] * (parts - 1)
    return splitting(outer + LETTERS[parts - 1] + outer[::-1], [*half, 1, *half], 2, "HLW")


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


def lifted(base: Method, factors: Callable[[int], list[Number]], order: int, reference: str) -> Method:
    """`base` (symmetric, of order two) lifted to an even `order` by repeated `factors`."""
    if order % 2:
        raise InputError(f"a symmetric method has an even order, got {order}; try {order + 1}.")
    method = base
    for reached in range(4, order + 1, 2):
        method = compose(method, factors(reached), reached, reference)
    return method


def symmetric_composition(base: Method, half: Sequence[str], order: int, reference: str) -> Method:
    """Composition with the palindrome of `half` (decimal strings, the middle factor last).

    The middle factor is taken as 1 minus the others, so that the sum is one to the last digit.
    """
    return compose(base, _palindrome(half, single=True), order, reference)


def adjoint_pairs(base: Splitting, alphas: Sequence[Number], order: int, reference: str) -> Splitting:
    """phi_{alpha_s h} o phi*_{alpha_1 h} o ... o phi_{alpha_1 h} o phi*_{alpha_s h}: phi* goes first (HLW V.3.2)."""
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
    """The palindrome that alternates `outer` (of the part `first`, at both ends) and `inner` (of the other part).

    Each list is the first half of its part's coefficients, as decimal strings. The longer list, or `inner` of two of
    one length, has the middle substep; each part's last coefficient follows from the sum, which is one.
    """
    second = "A" if first == "B" else "B"
    longer = len(outer) > len(inner)
    a, b = _palindrome(outer, single=longer), _palindrome(inner, single=not longer)
    parts = (first + second) * len(b) + first
    coefficients = [x for pair in zip(a, b, strict=False) for x in pair] + [a[-1]]
    return splitting(parts, coefficients, order, reference, needs)


def decimals(text: str) -> list[str]:
    """Decimal strings, written with blanks between them."""
    return text.split()


def _palindrome(half: Sequence[str], single: bool) -> list[Number]:
    """`half` and its mirror image, with the sum one; its last number stands once (`single`) or twice in the middle."""
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
