"""Compositions phi_{g_s h} o ... o phi_{g_1 h} of a base method, and adjoint methods (HLW II.3, II.4, V.3).

Of a symmetric base, the triple jump and Suzuki's five raise an even order by two at every turn; the published lists are
shorter. A first-order base is composed with its adjoint. A splitting's own coefficients form a palindrome.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import singledispatch

import mpmath
from mpmath import mpf

from geoflow.ground.errors import InputError
from geoflow.integrators.families import (
    WORKING_DIGITS,
    Method,
    Number,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    partitioned,
    splitting,
    to_mpf,
)
from geoflow.integrators.families.construction import check_digits, check_numbers

DIGITS = 50
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compose(base: Method, gammas: Sequence[Number], order: int, reference: str) -> Method:
    """phi_{gamma_s h} o ... o phi_{gamma_1 h} of a base method, again as data of its family."""
    check_numbers("gammas", gammas)
    with mpmath.workdps(WORKING_DIGITS):
        if any(isinstance(x, mpf) for x in (*_numbers(base), *gammas)):
            base, gammas = _in_mpf(base), [to_mpf(g) for g in gammas]
        return _composed(base, gammas, order, reference)


@singledispatch
def adjoint(method: Method) -> Method:
    """The adjoint phi*_h = (phi_{-h})^{-1} (HLW II.3); a method is symmetric when it is its own adjoint."""
    raise InputError(f"the adjoint of {method.name!r} is not among the methods that are data.")


@adjoint.register
def _(method: RungeKutta) -> RungeKutta:
    s = range(method.stages)
    A = tuple(tuple(method.b[-1 - j] - method.A[-1 - i][-1 - j] for j in s) for i in s)
    c = tuple(1 - x for x in method.c[::-1])
    return RungeKutta(A, method.b[::-1], c, method.order, method.reference)


@adjoint.register
def _(method: PartitionedRungeKutta) -> PartitionedRungeKutta:
    first, second = map(adjoint, method.tableaus)
    assert isinstance(first, RungeKutta) and isinstance(second, RungeKutta)
    return partitioned(first, second, method.order, method.reference)


@adjoint.register
def _(method: Splitting) -> Splitting:
    return replace(method, substeps=method.substeps[::-1], name="")


@singledispatch
def _composed(base: Method, gammas: Sequence[Number], order: int, reference: str) -> Method:
    raise InputError(f"{base.name!r} is not among the methods that can be composed as data.")


@_composed.register
def _(base: Splitting, gammas: Sequence[Number], order: int, reference: str) -> Splitting:
    parts = "".join(part for part, _ in base.substeps) * len(gammas)
    factors = [g * x for g in gammas for _, x in base.substeps]
    return splitting(parts, factors, order, reference, base.needs)


@_composed.register
def _(base: RungeKutta, gammas: Sequence[Number], order: int, reference: str) -> RungeKutta:
    """The tableau of s steps in a row: block lower triangular, with the weights of earlier steps to the left."""
    s, m = base.stages, len(gammas)
    zero = 0 * gammas[0]
    A = [[zero] * (s * m) for _ in range(s * m)]
    for k, gamma in enumerate(gammas):
        for i in range(s):
            for step, g in enumerate(gammas[:k]):
                A[k * s + i][step * s : step * s + s] = [g * w for w in base.b]
            A[k * s + i][k * s : k * s + s] = [gamma * a for a in base.A[i]]
    starts = [sum(gammas[:k], start=zero) for k in range(m)]
    b = [g * w for g in gammas for w in base.b]
    c = [start + g * node for start, g in zip(starts, gammas, strict=True) for node in base.c]
    return RungeKutta(tuple(map(tuple, A)), tuple(b), tuple(c), order, reference)


@_composed.register
def _(
    base: PartitionedRungeKutta, gammas: Sequence[Number], order: int, reference: str
) -> PartitionedRungeKutta:
    first, second = (_composed(tableau, gammas, order, reference) for tableau in base.tableaus)
    assert isinstance(first, RungeKutta) and isinstance(second, RungeKutta)
    return partitioned(first, second, order, reference)


def _numbers(method: Method) -> list[Number]:
    if isinstance(method, Splitting):
        return [x for _, x in method.substeps]
    pair = method.tableaus if isinstance(method, PartitionedRungeKutta) else (method,)
    return [
        x
        for one in pair
        if isinstance(one, RungeKutta)
        for row in (*one.A, one.b, one.c)
        for x in row
    ]


def _in_mpf(method: Method) -> Method:
    if isinstance(method, Splitting):
        return replace(method, substeps=tuple((part, to_mpf(x)) for part, x in method.substeps))
    if isinstance(method, PartitionedRungeKutta):
        first, second = map(_in_mpf, method.tableaus)
        assert isinstance(first, RungeKutta) and isinstance(second, RungeKutta)
        return partitioned(first, second, method.order, method.reference)
    assert isinstance(method, RungeKutta)
    rows = tuple(tuple(to_mpf(a) for a in row) for row in method.A)
    b, c = tuple(map(to_mpf, method.b)), tuple(map(to_mpf, method.c))
    return replace(method, A=rows, b=b, c=c)


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


def lifted(
    base: Method, factors: Callable[[int], list[Number]], order: int, reference: str
) -> Method:
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


def adjoint_pairs(
    base: Splitting, alphas: Sequence[Number], order: int, reference: str
) -> Splitting:
    """phi_{alpha_s h} o phi*_{alpha_1 h} o ... o phi_{alpha_1 h} o phi*_{alpha_s h}: phi* goes first (HLW V.3.2)."""
    with mpmath.workdps(DIGITS):
        substeps = []
        for alpha, beta in zip(alphas, alphas[::-1], strict=True):
            substeps += [(part, beta * x) for part, x in base.substeps[::-1]]
            substeps += [(part, alpha * x) for part, x in base.substeps]
        parts = "".join(part for part, _ in substeps)
        return splitting(parts, [x for _, x in substeps], order, reference)


def symmetric_splitting(
    first: str,
    outer: Sequence[str],
    inner: Sequence[str],
    order: int,
    reference: str,
    needs: str = "",
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
