"""The base of all studies, and the addresses of the tables whose names they may use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

PROBLEMS = "geoflow.problems:PROBLEMS"
METHODS = "geoflow.integrators:METHODS"
CONTROLS = "geoflow.integrators.controls:CONTROLS"
OBSERVABLES = "geoflow.analysis.observables:OBSERVABLES"
POTENTIALS = "geoflow.potentials:POTENTIALS"
ARCHITECTURES = "geoflow.networks:ARCHITECTURES"
LOSSES = "geoflow.learning:LOSSES"
DATASETS = "geoflow.learning:DATASETS"


@dataclass
class Study:
    """The base of all.

    function: what computes it, "module:function"; it takes the fields and returns an analysis Study.
    tables: what the study returns besides its summary, each a Parquet file.
    named: fields that hold names of a table of the library (or one dict with a `name` and the
    parameters of that entry). They are looked up when the config is composed, so that a misspelt
    method fails before anything runs.
    """

    function: ClassVar[str]
    tables: ClassVar[tuple[str, ...]] = ()
    named: ClassVar[Mapping[str, str]] = {"problem": PROBLEMS, "methods": METHODS}
