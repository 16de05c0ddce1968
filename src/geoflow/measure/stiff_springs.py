"""Oscillatory energies of a chain with stiff springs."""

from dataclasses import replace

import numpy as np

from geoflow.ground import Floats
from geoflow.problems import Problem


def with_oscillatory_energy(problem: Problem) -> Problem:
    """Return the chain with the adiabatic invariant I among its invariants, so that the loop monitors it."""
    m, omega = problem.parameters["m"], problem.parameters["omega"]

    def oscillatory(q, p):  # type: ignore[no-untyped-def]
        energy = 0.0
        for j in range(m):
            energy += (p[m + j] ** 2 + omega**2 * q[m + j] ** 2) / 2
        return energy

    return replace(problem, invariants={**problem.invariants, "oscillatory": oscillatory})


def spring_energies(problem: Problem, states: Floats) -> Floats:
    """Oscillatory energies I_j of states (samples, 4 m), shape (samples, m)."""
    m, omega = problem.parameters["m"], problem.parameters["omega"]
    stretch, momentum = states[:, m : 2 * m], states[:, 3 * m :]
    return np.asarray((momentum**2 + (omega * stretch) ** 2) / 2)
