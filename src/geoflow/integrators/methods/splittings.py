"""Splittings into S parts and of H = T(p) + U(q) (A: drift, B: kick), and partitioned Runge-Kutta methods.

To add one, add one entry here.
"""

from fractions import Fraction as Q

from geoflow.ground import Family
from geoflow.integrators.compositions import adjoint, lie_trotter, strang
from geoflow.integrators.families import Method, partitioned, splitting
from geoflow.integrators.methods.explicit import explicit_euler
from geoflow.integrators.methods.implicit import implicit_euler
from geoflow.integrators.tableaus import lobatto_iiia_iiib, lobatto_iiib_iiia

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

# For q' = f_1, p' = f_2: a tableau for q, one for p; any Hamiltonian.
euler = partitioned(explicit_euler, implicit_euler, order=1, reference="HLW")

PARTITIONED: dict[str, Method | Family[Method]] = {
    "partitioned_euler": euler,
    "partitioned_euler_adjoint": adjoint(euler),
    "partitioned_verlet": lobatto_iiia_iiib(2),
    "partitioned_verlet_position": lobatto_iiib_iiia(2),
    "lobatto_iiia_iiib_S": Family(lobatto_iiia_iiib, listed=(3, 4), smallest=2),
}
