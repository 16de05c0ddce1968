"""What the study `discs` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Study
from geoflow.studies.contractivity.fields import Field


@dataclass
class Run:
    """A method, and its step size in units of 1/L."""

    named: ClassVar[Mapping[str, str]] = {"method": METHODS}
    method: str
    hL: float


@dataclass
class Discs(Study):
    """Circles of initial points after each of `steps` steps; `centres` from the zero."""

    tables: ClassVar[Mapping[str, str]] = {"circles": "method hL disc step point x y growth", "contours": "x y value"}
    summary: ClassVar[str] = """
        growth/<method> left/<method>
    """
    field: Field
    runs: list[Run]
    steps: int
    radius: float
    centres: list[list[float]]
    points: int
