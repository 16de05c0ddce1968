"""Layers of networks as a literal table: one map a file, its law tested by being here."""

from collections.abc import Callable

from geoflow.layers.base import Layer
from geoflow.layers.dense import Dense
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.layers.hamiltonian import Hamiltonian
from geoflow.layers.lift import Lift
from geoflow.layers.normalise import Normalise
from geoflow.layers.residual import Residual
from geoflow.registry import Table

__all__ = ["LAYERS", "Layer"]

LAYERS: Table[Callable[..., Layer]] = Table(
    "layer",
    {
        "gradient_flow": GradientFlow,
        "residual": Residual,
        "hamiltonian": Hamiltonian,
        "dense": Dense,
        "normalise": Normalise,
        "lift": Lift,
    },
)
