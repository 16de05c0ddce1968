"""Families of one-step methods; each module contains data, step, lines of the compiled loop and requirements."""

from geoflow.integrators.families.coefficients import Number, to_mpf
from geoflow.integrators.families.formula import Formula
from geoflow.integrators.families.method import Method
from geoflow.integrators.families.partitioned import PartitionedRungeKutta, partitioned
from geoflow.integrators.families.runge_kutta import RungeKutta, explicit_rk, implicit_rk
from geoflow.integrators.families.splitting import QUADRATIC, Splitting, splitting

__all__ = [
    "QUADRATIC",
    "Formula",
    "Method",
    "Number",
    "PartitionedRungeKutta",
    "RungeKutta",
    "Splitting",
    "explicit_rk",
    "implicit_rk",
    "partitioned",
    "splitting",
    "to_mpf",
]
