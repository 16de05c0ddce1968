"""Kepler problem with the step density as part of the state, for a constant or a decreasing mass."""

import dataclasses

import numpy as np

from geoflow.ground import InputError
from geoflow.problems.elementary import sqrt
from geoflow.problems.problem import Problem, textbook


@textbook
def kepler_with_clock(eccentricity: float = 0.8) -> Problem:
    """Kepler's problem in a time tau with dt/dtau = 1/rho, where y = (q, p, t, rho) (HLW VIII.3.2).

    q' = p/rho, p' = -q/(|q|^3 rho), t' = 1/rho and rho' = -3/2 p.q/|q|^2, so that rho = (|q(0)|/|q|)^(3/2). Equal
    steps in tau are short near the sun; the longest step in t is h (1 - e)^(-3/2) (1 + e)^(3/2).
    """
    e = eccentricity
    if not 0 <= e < 1:
        raise InputError(f"kepler_with_clock needs an eccentricity in [0, 1), got {e}; try 0.8.")

    def field(y):
        r2 = y[0] ** 2 + y[1] ** 2
        r3 = r2 * sqrt(r2)
        return (
            y[2] / y[5],
            y[3] / y[5],
            -y[0] / (r3 * y[5]),
            -y[1] / (r3 * y[5]),
            1 / y[5],
            -3 * (y[0] * y[2] + y[1] * y[3]) / (2 * r2),
        )

    def energy(y):
        return (y[2] ** 2 + y[3] ** 2) / 2 - 1 / sqrt(y[0] ** 2 + y[1] ** 2)

    def angular_momentum(y):
        return y[0] * y[3] - y[1] * y[2]

    def density(y):
        r = sqrt(y[0] ** 2 + y[1] ** 2) / (1 - e)
        return 1 / (r * sqrt(r))

    return Problem(
        y0=np.array([1 - e, 0.0, 0.0, np.sqrt((1 + e) / (1 - e)), 0.0, 1.0]), span=(0.0, 40.0),
        reference="HLW", field=field,
        invariants={"energy": energy, "angular_momentum": angular_momentum},
        offers={"density": density, "clock": 4},
    )  # fmt: skip


@textbook
def gylden_with_clock(eccentricity: float = 0.3, loss: float = 0.3) -> Problem:
    """Kepler's problem with a clock and a sun of decreasing mass: p' = -q / ((1 + loss t) |q|^3 rho) (Gylden1884).

    The other equations are those of `kepler_with_clock`, since the step density does not depend on the force; t = y_4
    is part of the state. The angular momentum is an invariant, the energy is not. The orbit is unbounded: |q| grows
    like t and dt/dtau like t^(3/2), so that t is infinite at a finite tau* (3.41413 for the defaults), beyond which
    there is no solution. tau* is at least 0.7 times 2 (1 - e)^(3/2) / loss; the span ends at half of that.
    """
    e = eccentricity
    if not (0 <= e < 1 and loss >= 0):
        raise InputError(f"gylden_with_clock needs an eccentricity in [0, 1) and loss >= 0, got {e} and {loss}.")

    def field(y):
        r2 = y[0] ** 2 + y[1] ** 2
        pull = 1 / ((1 + loss * y[4]) * r2 * sqrt(r2) * y[5])
        return (
            y[2] / y[5],
            y[3] / y[5],
            -pull * y[0],
            -pull * y[1],
            1 / y[5],
            -3 * (y[0] * y[2] + y[1] * y[3]) / (2 * r2),
        )

    clocked = kepler_with_clock(eccentricity=e)
    return dataclasses.replace(
        clocked,
        span=(0.0, min(20.0, (1 - e) ** 1.5 / loss) if loss else 20.0),
        reference="Gylden1884",
        field=field,
        invariants={"angular_momentum": clocked.invariants["angular_momentum"]},
        offers={**clocked.offers, "time": 4},
    )
