"""What shows an object is imported on demand: it is in a package further down, and no result depends on it."""

from importlib import import_module
from typing import Any

from geoflow.ground.errors import GeoflowError
from geoflow.ground.sentences import sentence


def display(module: str) -> Any:
    """Import the module of geoflow; raises GeoflowError, with the extra to install, if a library is missing."""
    try:
        return import_module(f".{module}", "geoflow")
    except ModuleNotFoundError as error:
        if said := sentence(error):
            raise GeoflowError(said) from None
        raise
