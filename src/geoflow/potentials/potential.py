"""Convex potentials V with their constants; x' = -grad V(x) is the gradient flow.

mu |x - y|^2 <= (grad V(x) - grad V(y))^T (x - y) and |grad V(x) - grad V(y)| <= L |x - y|: the flow
is non-expansive, and contracts with the rate mu (HairerWanner1996, IV.12).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geoflow.ground import Floats, SolveError

Function = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Kinks:
    """Hyperplanes normals[i] @ x = offsets[i] at which the gradient has a kink, shapes (m, d) and (m,); m may be 0.

    sharp: whether the Hessian jumps there, or changes within a distance that is small compared to all others.
    """

    normals: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    offsets: Floats = field(default_factory=lambda: np.zeros(0))
    sharp: bool = False


NO_KINKS = Kinks()


@dataclass(frozen=True, eq=False, repr=False)
class Potential:
    """V: R^d -> R, convex, with optimal constants L and mu, proved in the docstring of its constructor.

    value: (d,) -> scalar; gradient: (d,) -> (d,); hessian: (d,) -> (d, d), where V is twice
    differentiable. For N points: (d, N) -> (N,), (d, N), (N, d, d). smooth: whether the Hessian is
    continuous. kinks: hyperplanes at which the gradient changes its slope most.
    """

    name: str
    dimension: int
    value: Function
    gradient: Function
    hessian: Function
    L: float
    mu: float
    minimiser: Floats
    reference: str
    smooth: bool = True
    kinks: Kinks = NO_KINKS

    def __repr__(self) -> str:
        return f"<Potential {self.name!r}: dimension {self.dimension}, L = {self.L:.4g}, mu = {self.mu:.4g}>"


def sum_of_ridges(
    name: str, A: Floats, b: Floats, g: Function, slope: Function, curvature: Function,
    ridge: float = 0.0, **known: Any,
) -> Potential:  # fmt: skip
    """V(x) = sum_k g(a_k^T x + b_k) + ridge |x|^2 / 2; `known` overrides the constants below.

    slope = g', curvature = g''; A has the rows a_k, shape (n, d). If 0 <= g'' <= 1, the eigenvalues of the Hessian
    A^T diag(g'') A + ridge I are in [ridge, |A|^2 + ridge]. By default L is |A|^2, mu is zero, and the minimiser is
    computed by Newton's method.
    """
    d = A.shape[1]
    squares = np.einsum("ki,kj->kij", A, A).reshape(len(A), -1)  # a_k a_k^T

    def arguments(x: Floats) -> Floats:  # (n,) or (n, N)
        return A @ x + (b if x.ndim == 1 else b[:, None])

    def value(x: Floats) -> Floats:
        return g(arguments(x)).sum(axis=0) + ridge * (x * x).sum(axis=0) / 2

    def gradient(x: Floats) -> Floats:
        return A.T @ slope(arguments(x)) + ridge * x

    def hessian(x: Floats) -> Floats:
        # One matrix product for all points is faster than one per point.
        flat = curvature(arguments(x)).T @ squares
        return flat.reshape(x.shape[1:] + (d, d)) + ridge * np.eye(d)

    if "minimiser" not in known:
        known["minimiser"] = minimiser(gradient, hessian, d)
    constants = {"L": float(np.linalg.norm(A, 2) ** 2), "mu": 0.0} | known
    return Potential(name, d, value, gradient, hessian, **constants)


def random_matrix(rows: int, columns: int, seed: int) -> Floats:
    """Gaussian random matrix scaled to spectral norm one."""
    A = np.random.default_rng(seed).standard_normal((rows, columns))
    return A / np.linalg.norm(A, 2)


def differences(n: int) -> Floats:
    """Matrix that maps x to x_1 and the differences x_(i+1) - x_i, shape (n, n)."""
    return np.eye(n) - np.eye(n, k=-1)


def minimiser(gradient: Function, hessian: Function, dimension: int) -> Floats:
    """Zero of the gradient, by Newton's method with step halving from the origin until stagnation.

    Raises SolveError if no minimiser is found, as for separable data without a ridge.
    """
    x = np.zeros(dimension)
    slope, steepest = gradient(x), np.linalg.norm(gradient(x))
    flattest = 1e-9 * np.linalg.norm(hessian(x), 2)
    for _ in range(100):
        # For separable data, gradient and Hessian both tend to zero at infinity.
        if np.linalg.eigvalsh(hessian(x))[0] <= flattest:
            break
        direction = -np.linalg.solve(hessian(x), slope)
        for halving in range(30):
            trial = x + direction / 2**halving
            if np.linalg.norm(gradient(trial)) < np.linalg.norm(slope):
                x, slope = trial, gradient(trial)
                break
        else:
            if np.linalg.norm(slope) <= 1e-12 * steepest:
                return x
            break
    raise SolveError(
        "expected a potential with a minimiser, Newton's method stopped at "
        f"|x| = {np.linalg.norm(x):.1e} with a gradient of {np.linalg.norm(slope):.1e}; "
        "try a positive ridge or another seed."
    )
