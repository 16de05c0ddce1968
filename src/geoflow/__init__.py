"""Geometric numerical integration and structure-preserving deep learning, reproducibly.

Example: `from geoflow import METHODS, PROBLEMS, integrate`. Names are loaded on first access, so that
`import geoflow` is fast.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "METHODS": "geoflow.integrators",
    "PROBLEMS": "geoflow.problems",
    "POTENTIALS": "geoflow.potentials",
    "LAYERS": "geoflow.layers",
    "Problem": "geoflow.problems",
    "Trajectory": "geoflow.integrators.integrate",
    "integrate": "geoflow.integrators.integrate",
    "integrate_ensemble": "geoflow.integrators.ensemble",
    "prepare": "geoflow.integrators.integrate",
    "time_transformed": "geoflow.problems",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'geoflow' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
