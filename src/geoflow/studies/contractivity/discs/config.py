from geoflow.ground.study import Study, Values
from geoflow.studies.contractivity import Field


class Run(Values):
    """A method, and its step size in units of 1/L."""

    method: str
    hL: float


class Discs(Study):
    """Circles of initial points after each of `steps` steps; `centres` are relative to the zero of the field.

    growth: largest factor by which the distance of two points of a circle grows in one step; left: largest ratio of
    final to initial diameter.
    """

    tables = {"circles": "method hL disc step point x y growth", "contours": "x y value"}
    summary = "growth/<method> left/<method>"
    field: Field
    runs: list[Run]
    steps: int
    radius: float
    centres: list[list[float]]
    points: int
