"""One-step methods as data: tables of methods by family (`geoflow.integrators.methods`), collected in METHODS."""

from geoflow.ground import Table
from geoflow.integrators.compositions import adjoint, compose
from geoflow.integrators.families import Method, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.families.formula import Formula
from geoflow.integrators.methods.compositions import COMPOSITIONS
from geoflow.integrators.methods.explicit import EXPLICIT
from geoflow.integrators.methods.formulas import FORMULAS
from geoflow.integrators.methods.implicit import IMPLICIT
from geoflow.integrators.methods.optimised_splittings import OPTIMISED_SPLITTINGS
from geoflow.integrators.methods.splittings import PARTITIONED, SPLITTINGS

__all__ = ["METHODS", "Formula", "Method", "PartitionedRungeKutta", "RungeKutta", "Splitting", "adjoint", "compose"]

METHODS: Table[Method] = Table(
    "method", EXPLICIT, IMPLICIT, PARTITIONED, SPLITTINGS, COMPOSITIONS, OPTIMISED_SPLITTINGS, FORMULAS, own="METHODS"
)
