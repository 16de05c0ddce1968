"""Foundations of all other packages: errors, registry, arrays, files, results, and the interface of a study.

The names that most modules need are exported here. `Floats` requires NumPy, so it is loaded on first access.
"""

from typing import TYPE_CHECKING, Any

from geoflow.ground.answer import Answer, Progress, Tools, no_progress
from geoflow.ground.errors import GeoflowError, InputError, SolveError, nearest
from geoflow.ground.files import renamed_when_complete
from geoflow.ground.registry import Family, Table, check_parameters, made
from geoflow.ground.remembered import recall, remember
from geoflow.ground.results import Results, read_table, write_table

if TYPE_CHECKING:
    from geoflow.ground.floats import Floats


def __getattr__(name: str) -> Any:
    if name == "Floats":
        from geoflow.ground.floats import Floats

        return Floats
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
