"""Backward error analysis: the modified Hamiltonian of a splitting (HLW IX.3, IX.8).

A composition of exact flows is exp(h D_K1) ... exp(h D_Ks) with D_K g = {g, K}, the first flow to the
left. By the Baker-Campbell-Hausdorff formula this is formally exp(h D_H~), H~ = H_1 + h H_2 + h^2 H_3 + ...
The series diverges in general, and its truncations H_[N] = H_1 + ... + h^(N-1) H_N have an optimal N.
Commutators are Poisson brackets, [D_F, D_G] = D_{G,F}.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import mpmath
import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.integrators.families import Method
from geoflow.theory.poisson import Algebra, Polynomial, combine
from geoflow.theory.reduction import arithmetic

Series = list[Polynomial]  # coefficients of h^0, h^1, ...
ONE = Fraction(1)


def hamiltonian_series(method: Method, algebra: Algebra, terms: int) -> Series:
    """Compute [H_1, ..., H_terms] of a splitting with rational coefficients exactly.

    Psi(h) = exp(h D_H~) satisfies Psi' = D_K Psi with K from `_generator`, and therefore
    (h H~)' = sum_k B_k / k! ad^k K, ad = [h H~, .], with the Bernoulli numbers B_k.
    """
    K = _generator(method, algebra, terms)
    bernoulli = [Fraction(*mpmath.bernfrac(k)) / factorial(k) for k in range(terms)]  # B_1 = -1/2
    H: Series = []
    # nested[k][m] is the coefficient of h^m in ad^k K; it depends only on H_1, ..., H_m.
    nested: list[Series] = [K, *([] for _ in range(1, terms))]
    for m in range(terms):
        for k in range(1, m + 1):
            pieces = [(ONE, algebra.bracket(nested[k - 1][m - i], H[i - 1])) for i in range(1, m - k + 2)]
            nested[k] += [{}] * (m - len(nested[k])) + [combine(*pieces)]
        summed = combine(*((bernoulli[k], nested[k][m]) for k in range(m + 1) if bernoulli[k]))
        H.append(combine((Fraction(1, m + 1), summed)))
    return H


def _generator(method: Method, algebra: Algebra, terms: int) -> Series:
    """Compute K = x_1 K_1 + exp(h x_1 ad_K1) (x_2 K_2 + exp(h x_2 ad_K2) (x_3 K_3 + ...)) up to h^(terms - 1)."""
    if arithmetic([x for _, x in method.substeps])[0] is not Fraction:
        raise InputError(
            f"expected rational coefficients for the modified Hamiltonian, but those of {method.name!r} are "
            "not; try 'stormer_verlet' or 'symplectic_euler'."
        )
    parts = {"A": algebra.kinetic, "B": algebra.potential}
    K: Series = [{} for _ in range(terms)]
    for letter, coefficient in reversed(method.substeps):
        x, part = Fraction(coefficient), parts[letter]
        layer, moved = K, [dict(f) for f in K]  # layer: (h x ad)^j K / j!
        for j in range(1, terms):
            shifted = [combine((x / j, algebra.bracket(f, part))) for f in layer[:-1]]
            layer = [{}, *shifted]
            moved = [combine((ONE, f), (ONE, g)) for f, g in zip(moved, layer, strict=True)]
        K = [combine((ONE, moved[0]), (x, part)), *moved[1:]]
    return K


def truncated(algebra: Algebra, H: Series, truncations: Sequence[int], states: Floats, h: float) -> Floats:
    """Evaluate H_[N] at states (d, n) for each N in `truncations`, shape (len(truncations), n)."""
    terms = [algebra.evaluate(f, states) * h**k for k, f in enumerate(H)]
    return np.stack([np.sum(terms[:N], axis=0) for N in truncations])
