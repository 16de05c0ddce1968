"""Studies of gradient flows and their contractivity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema import worst_cases
from geoflow.stages.schema.base import METHODS, POTENTIALS, Study


@dataclass
class Expansion(Study):
    """The largest ratio of distances after and before one step of a gradient flow, against h L.

    largest, count: h L runs over `count` equidistant values up to `largest`; points,
    implicit_points: how many are sampled around the minimiser, for explicit and for implicit methods.
    """

    function: ClassVar[str] = "geoflow.analysis.contractivity:expansion"
    tables: ClassVar[tuple[str, ...]] = ("expansion", "steps")
    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS, "methods": METHODS}
    potential: dict[str, Any]
    methods: list[str]
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int


@dataclass
class Radii(Study):
    """Contractivity radius, SSP coefficient and stability intervals from the coefficients."""

    function: ClassVar[str] = "geoflow.analysis.contractivity:radii"
    tables: ClassVar[tuple[str, ...]] = ("radii",)
    methods: list[str]


STUDIES: dict[str, type[Study]] = {
    "expansion": Expansion,
    "radii": Radii,
    **worst_cases.STUDIES,
}
