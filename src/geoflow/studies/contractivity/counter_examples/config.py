"""What the study `counter_examples` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Study
from geoflow.studies.contractivity.fields import Field


@dataclass
class Line:
    """The map of each of `methods` at h = hL / L on a field of one component, for |x - x*| up to `reach`."""

    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    label: str
    field: Field
    methods: list[str]
    hL: float
    reach: float


@dataclass
class CounterExamples(Study):
    """Pairs and maps that expand; drawn: the h L of the pair; smallest, count: the grid of h L up to there."""

    tables: ClassVar[Mapping[str, str]] = {
        "pair": "who stage x y",
        "contours": "x y value",
        "growth": "method hL growth",
        "maps": "line method hL x image slope",
    }
    summary: ClassVar[str] = """
        smallest/<method> pair exponent steepest/<line>/<method_of_line>
    """
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    plane: Field
    methods: list[str]
    drawn: float
    smallest: float
    count: int
    points: int
    lines: list[Line]
    seed: int
