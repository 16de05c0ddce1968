from geoflow.ground.study import Study, Values
from geoflow.studies.contractivity import Field


class Run(Values):
    """A method, and its step size in units of 1/L."""

    method: str
    hL: float


class Discs(Study):
    """Circles of initial points after each of `steps` steps; `centres` from the zero of the field.

    growth: the largest factor by which the distance of any two points of a circle grew in one step; left: the largest
    diameter at the end by the one at the start.
    """

    tables = {"circles": "method hL disc step point x y growth", "contours": "x y value"}
    summary = "growth/<method> left/<method>"
    field: Field
    runs: list[Run]
    steps: int
    radius: float
    centres: list[list[float]]
    points: int
