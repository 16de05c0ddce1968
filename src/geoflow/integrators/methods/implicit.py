"""Implicit Runge-Kutta methods: A, b, c. To add one, add one entry here."""

from fractions import Fraction as Q

import mpmath

from geoflow.ground import Family
from geoflow.integrators.families import Method, implicit_rk
from geoflow.integrators.tableaus import (
    gauss,
    hbvm,
    lobatto_iiia,
    lobatto_iiib,
    lobatto_iiic,
    lobatto_iiid,
    radau_ia,
    radau_iia,
)

half = Q(1, 2)

implicit_euler = implicit_rk([[1]], [1], [1], order=1, reference="HairerWanner1996")
trapezoidal = implicit_rk([[0, 0], [half, half]], [half, half], [0, 1], order=2, reference="HLW")

with mpmath.workdps(50):
    g = 1 - 1 / mpmath.sqrt(2)
    alexander_2 = implicit_rk([[g, 0], [1 - g, g]], [1 - g, g], [g, 1], 2, "Alexander1977")
    # The root in (1/6, 1/2) of x^3 - 3 x^2 + 3/2 x - 1/6, which makes the three-stage SDIRK L-stable.
    g = mpmath.findroot(lambda x: x**3 - 3 * x**2 + 3 * x / 2 - mpmath.mpf(1) / 6, 0.4358665)
    b = [-(6 * g**2 - 16 * g + 1) / 4, (6 * g**2 - 20 * g + 5) / 4, g]
    alexander_3 = implicit_rk([[g, 0, 0], [(1 - g) / 2, g, 0], b], b, [g, (1 + g) / 2, 1], 3, "Alexander1977")
    g = (3 + mpmath.sqrt(3)) / 6
    crouzeix_2 = implicit_rk([[g, 0], [1 - 2 * g, g]], [half, half], [g, 1 - g], 3, "Crouzeix1975")

IMPLICIT: dict[str, Method | Family[Method]] = {
    "implicit_euler": implicit_euler,
    "implicit_midpoint": implicit_rk([[half]], [1], [half], order=2, reference="HLW"),
    "trapezoidal": trapezoidal,
    "gauss_S": Family(gauss, listed=(1, 2, 3, 4, 5, 6)),
    "radau_ia_S": Family(radau_ia, listed=(1, 2, 3, 4)),
    "radau_iia_S": Family(radau_iia, listed=(1, 2, 3, 4)),
    "lobatto_iiia_S": Family(lobatto_iiia, listed=(2, 3, 4), smallest=2),
    "lobatto_iiib_S": Family(lobatto_iiib, listed=(2, 3, 4), smallest=2),
    "lobatto_iiic_S": Family(lobatto_iiic, listed=(2, 3, 4), smallest=2),
    "lobatto_iiid_S": Family(lobatto_iiid, listed=(2, 3, 4), smallest=2),
    # energy-preserving for polynomials: K nodes, degree S
    "hbvm_K_S": Family(hbvm, listed=((2, 1), (3, 2), (4, 2)), smallest=(1, 1)),
    "sdirk_2": alexander_2,
    "sdirk_3": alexander_3,
    "crouzeix_2": crouzeix_2,
}
