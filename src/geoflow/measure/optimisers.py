"""Optimisers as discretisations: error against gradient evaluations on an ill-conditioned convex problem.

Gradient flow x' = -grad V: explicit Euler is gradient descent, and stabilised Runge-Kutta-Chebyshev methods, damped so
that [mu, L] is their stability interval, use s evaluations for one long step
(EftekhariVandereyckenVilmartZygalakis2021). Damped flow x'' + gamma x' + grad V(x) = 0: the conformal symplectic
Euler method, p <- exp(-gamma h) p - h grad V(q), q <- q + h p, is the heavy ball (Polyak1964) with momentum exp(-gamma
h) and step h^2 (FrancaSulamRobinsonVidal2020); each step multiplies the symplectic form by exp(-gamma h) exactly
(McLachlanPerlmutter2001). Nesterov's method evaluates the gradient at the extrapolated point.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from geoflow.ground import Floats, Table
from geoflow.integrators.chebyshev import rkc_1
from geoflow.measure.gradient_step import flow_step, runge_kutta
from geoflow.potentials import Potential, gradient_field

Iterates = Iterator[tuple[int, Floats]]  # gradient evaluations of the next step, and the resulting point


def momentum(V: Potential) -> tuple[float, float]:
    """Step alpha and momentum beta of the heavy ball method, optimal for spectra in [mu, L] (Polyak1964)."""
    alpha = (2 / (math.sqrt(V.L) + math.sqrt(V.mu))) ** 2
    return alpha, ((math.sqrt(V.L / V.mu) - 1) / (math.sqrt(V.L / V.mu) + 1)) ** 2


def gradient_descent(V: Potential, x: Floats, stages: int) -> Iterates:
    """Gradient descent: explicit Euler with h = 2 / (L + mu)."""
    euler, F, h = runge_kutta("explicit_euler"), gradient_field(V), 2 / (V.L + V.mu)
    while True:
        x = flow_step(euler, F, h, x)
        yield 1, x


def chebyshev(V: Potential, x: Floats, stages: int) -> Iterates:
    """RKC of order one: w0 = (L + mu) / (L - mu) and w0 - w1 h L = -1, which maps [mu, L] onto [-1, 1]."""
    w0 = (V.L + V.mu) / (V.L - V.mu)
    method = rkc_1(stages, (w0 - 1) * stages**2)
    w1 = math.cosh(stages * math.acosh(w0)) / (stages * math.sinh(stages * math.acosh(w0)) / math.sqrt(w0**2 - 1))
    F, h = gradient_field(V), (w0 + 1) / (w1 * V.L)
    while True:
        x = flow_step(method, F, h, x)
        yield stages, x


def heavy_ball(V: Potential, x: Floats, stages: int) -> Iterates:
    """Heavy ball method x_(n+1) = x_n - alpha grad V(x_n) + beta (x_n - x_(n-1))."""
    alpha, beta = momentum(V)
    before = x
    while True:
        x, before = x - alpha * V.gradient(x) + beta * (x - before), x
        yield 1, x


def nesterov(V: Potential, x: Floats, stages: int) -> Iterates:
    """Nesterov's method y = x_n + b (x_n - x_(n-1)), x_(n+1) = y - grad V(y) / L, b = sqrt(beta of the heavy ball)."""
    beta = math.sqrt(momentum(V)[1])
    before = x
    while True:
        y = x + beta * (x - before)
        x, before = y - V.gradient(y) / V.L, x
        yield 1, x


def conformal_euler(V: Potential, x: Floats, stages: int) -> Iterates:
    """Conformal symplectic Euler method: exact flow of the damping, kick, drift; equals the heavy ball method."""
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha), np.zeros_like(x)
    while True:
        p = beta * p - h * V.gradient(x)
        x = x + h * p
        yield 1, x


def conformal_verlet(V: Potential, x: Floats, stages: int) -> Iterates:
    """Half a drift, half the damping, a kick, half the damping, half a drift, with h^2 exp(-gamma h / 2) = alpha.

    With this choice it is conjugate to the heavy ball method by half a drift and has the same rate.
    """
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha / math.sqrt(beta)), np.zeros_like(x)
    while True:
        x = x + h / 2 * p
        p = math.sqrt(beta) * (math.sqrt(beta) * p - h * V.gradient(x))
        x = x + h / 2 * p
        yield 1, x


def damped_explicit_euler(V: Potential, x: Floats, stages: int) -> Iterates:
    """Explicit Euler for q' = p, p' = -gamma p - grad V(q), with h and gamma of the heavy ball; not conformal."""
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha), np.zeros_like(x)
    while True:
        x, p = x + h * p, p + math.log(beta) * p - h * V.gradient(x)
        yield 1, x


OPTIMISERS: Table[Callable[[Potential, Floats, int], Iterates]] = Table(
    "optimiser",
    {
        "gradient_descent": gradient_descent,
        "chebyshev": chebyshev,
        "heavy_ball": heavy_ball,
        "nesterov": nesterov,
        "conformal_euler": conformal_euler,
        "conformal_verlet": conformal_verlet,
        "damped_explicit_euler": damped_explicit_euler,
    },
)


def theory(name: str, kappa: float, stages: int) -> float:
    """Convergence factor of |x - x*| per gradient evaluation for the worst quadratic; NaN if none is known."""
    root = math.sqrt(kappa)
    if name == "gradient_descent":
        return (kappa - 1) / (kappa + 1)
    if name == "chebyshev":  # 1 / T_s(w0) per step
        return math.cosh(stages * math.acosh((kappa + 1) / (kappa - 1))) ** (-1 / stages)
    if name in ("heavy_ball", "conformal_euler", "conformal_verlet"):
        return (root - 1) / (root + 1)
    return 1 - 1 / root if name == "nesterov" else math.nan
