"""Surfaces of section and Lyapunov exponents of the Henon-Heiles problem (HenonHeiles1964)."""

import math

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.problems import Problem
from geoflow.problems.henon_heiles import henon_heiles_tangent

# Increments of the additive low-discrepancy sequence on the square: powers of 1/x with x^3 = x + 1.
EVENLY = np.array([0.7548776662466927, 0.5698402909980532])

# The state of the tangent problem is (q, v, p, w).
POINT, VECTOR = [0, 1, 4, 5], [2, 3, 6, 7]
RENORMALISE = 1000.0  # a tangent vector grows by exp(140) in this time; float64 overflows at exp(709)


def on_section(problem: Problem, energy: float, q2: Floats, p2: Floats) -> Floats:
    """States (n, 4) with q_1 = 0, p_1 > 0 and H = energy, for H = |p|^2/2 + U(q); p_1 is NaN if there is none."""
    rest = energies_of(problem, np.stack([0 * q2, q2, 0 * q2, p2], axis=1))
    p1 = np.sqrt(np.where(rest < energy, 2 * (energy - rest), np.nan))
    return np.stack([0 * q2, q2, p1, p2], axis=1)


def energies_of(problem: Problem, states: Floats) -> Floats:
    """Energies H of states (..., d), shape (...)."""
    if problem.hamiltonian is None:
        raise InputError(f"expected a problem with a hamiltonian, {problem.name!r} has none.")
    return np.asarray(problem.evaluate(problem.hamiltonian, 0.0, np.moveaxis(states, -1, 0)))


def on_two_lines(problem: Problem, energy: float, count: int) -> Floats:
    """Two thirds of `count` states on the line p_2 = 0 of the section, the others on q_2 = 0."""
    axis = np.linspace(-1, 1, 2001)
    allowed = np.isfinite(on_section(problem, energy, axis, 0 * axis)[:, 2])
    low, high = axis[allowed][[0, -1]]
    n = 2 * count // 3
    q2 = low + (high - low) * (np.arange(n) + 0.5) / n
    p2 = np.sqrt(2 * energy) * (2 * (np.arange(count - n) + 0.5) / (count - n) - 1)
    return on_section(problem, energy, np.append(q2, 0 * p2), np.append(0 * q2, p2))


def spread_evenly(problem: Problem, energy: float, count: int) -> Floats:
    """`count` states with uniform density on the section, so that fractions of states estimate fractions of area."""
    u = (np.arange(1, 100 * count)[:, None] * EVENLY) % 1 * 2 - 1
    found = on_section(problem, energy, u[:, 0], np.sqrt(2 * energy) * u[:, 1])
    return found[np.isfinite(found[:, 2])][:count]


def exponents(starts: Floats, method: str, h: float, time: float, samples: int) -> tuple[Floats, Floats]:
    """Times (samples,) and largest Lyapunov exponents log|v(t)|/t at these times, (samples, n), from states (n, 4).

    The variational equation is integrated together with the orbit, and v is normalised periodically
    (BenettinEtAl1980). The equation is linear, so the period is arbitrary as long as there is no overflow.
    """
    state, size = np.full((len(starts), 8), 0.5), np.zeros(len(starts))
    state[:, POINT] = starts
    intervals = samples * math.ceil(time / samples / RENORMALISE)
    steps = max(round(time / intervals / h), 1)
    t: Floats = h * steps * np.arange(1, intervals + 1, dtype=np.float64)
    rows, problem = [], henon_heiles_tangent()
    for now in t:
        run = integrate_ensemble(problem, method, state, h=h, steps=steps, every=steps)
        state, length = run.final, np.linalg.norm(run.final[:, VECTOR], axis=1)
        state[:, VECTOR] /= length[:, None]
        size += np.log(length)
        rows.append(size / now)
    kept = slice(intervals // samples - 1, None, intervals // samples)
    return t[kept], np.array(rows)[kept]
