"""The worst factor of a step over linear fields, from its stability function."""

import numpy as np

from geoflow.integrators.families import RungeKutta
from geoflow.theory.stability import stability_values

SPECTRUM = 4001  # values of h lambda at which |R| is taken


def linear_factor(method: RungeKutta, hL: float, mu: float = 0.0) -> float:
    """max |R(-h lambda)| over lambda in [mu, L]: the worst case over quadratic potentials."""
    z = -hL * np.linspace(mu, 1, SPECTRUM)
    return float(np.abs(stability_values(method, z)).max())


FREQUENCIES = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 2000)])


def half_plane_factor(method: RungeKutta, x: float) -> float:
    """sup |R(z)| over Re z <= -x of an A-stable method: by the maximum principle on the line Re z = -x."""
    z = -x + 1j * FREQUENCIES
    return float(np.abs(stability_values(method, z)).max())
