"""Splittings into S parts, and of H = T(p) + U(q): A drifts, B kicks. Adding one is one entry here."""

from fractions import Fraction as Q

from geoflow.ground import Family
from geoflow.integrators.compositions import lie_trotter, strang
from geoflow.integrators.families import Method, splitting

half = Q(1, 2)

euler_ba = splitting("BA", [1, 1], order=1, reference="HLW")
verlet = splitting("BAB", [half, 1, half], order=2, reference="Verlet1967")

SPLITTINGS: dict[str, Method | Family[Method]] = {
    "lie_trotter_S": Family(lie_trotter, listed=(3,), smallest=2),
    "strang_S": Family(strang, listed=(3,), smallest=2),
    "symplectic_euler": euler_ba,
    "symplectic_euler_adjoint": splitting("AB", [1, 1], order=1, reference="HLW"),
    "stormer_verlet": verlet,
    "stormer_verlet_position": splitting("ABA", [half, 1, half], order=2, reference="HLW2003"),
}
