"""Quantities along a run that are not among the invariants of the problem."""

from collections.abc import Callable

import numpy as np

from geoflow.ground import Floats, Table
from geoflow.problems import Problem
from geoflow.problems.argon_crystal import MASS
from geoflow.problems.toda import lax_matrix

Observable = Callable[[Problem, Floats], Floats]  # states (samples, d) -> values (samples, k)


def temperature(problem: Problem, states: Floats) -> Floats:
    """Kinetic energy per atom of the argon crystal, sum_i |p_i|^2 / (2 m N), in kelvin (HLW I.4)."""
    p = states[:, problem.dimension // 2 :]
    atoms = p.shape[1] / 2
    return (p * p).sum(axis=1, keepdims=True) / (2 * MASS * atoms)


def lax_eigenvalues(problem: Problem, states: Floats) -> Floats:
    """Eigenvalues of the Lax matrix of the Toda lattice in ascending order: first integrals (Flaschka1974)."""
    return np.array([np.linalg.eigvalsh(lax_matrix(state)) for state in states])


def distance_from_start(problem: Problem, states: Floats) -> Floats:
    """Distance |y - y_0| from the initial state; zero after a period of a periodic solution."""
    return np.linalg.norm(states - states[0], axis=1, keepdims=True)


OBSERVABLES: Table[Observable] = Table(
    "observable",
    {"temperature": temperature, "lax_eigenvalues": lax_eigenvalues, "distance_from_start": distance_from_start},
)
