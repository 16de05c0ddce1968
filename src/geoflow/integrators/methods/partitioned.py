"""Partitioned Runge-Kutta methods for q' = f_1, p' = f_2: a tableau for q, one for p; any Hamiltonian."""

from geoflow.ground import Family
from geoflow.integrators.compositions import adjoint
from geoflow.integrators.families import Method, partitioned
from geoflow.integrators.methods.explicit import explicit_euler
from geoflow.integrators.methods.implicit import implicit_euler
from geoflow.integrators.tableaus import lobatto_iiia_iiib, lobatto_iiib_iiia

euler = partitioned(explicit_euler, implicit_euler, order=1, reference="HLW")

PARTITIONED: dict[str, Method | Family[Method]] = {
    "partitioned_euler": euler,
    "partitioned_euler_adjoint": adjoint(euler),
    "partitioned_verlet": lobatto_iiia_iiib(2),
    "partitioned_verlet_position": lobatto_iiib_iiia(2),
    "lobatto_iiia_iiib_S": Family(lobatto_iiia_iiib, listed=(3, 4), smallest=2),
}
