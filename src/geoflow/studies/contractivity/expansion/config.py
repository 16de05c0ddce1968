"""What the study `expansion` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Study
from geoflow.studies.contractivity.fields import Field


@dataclass
class Expansion(Study):
    """The largest expansion ratio of one step against h L.

    largest, count: h L runs over `count` equidistant values up to `largest`; points, implicit_points: how many are
    sampled around the zero of the field, for explicit and for implicit methods.
    """

    tables: ClassVar[Mapping[str, str]] = {
        "expansion": "field method hL expansion",
        "marks": "field method bound first_expansion",
    }
    summary: ClassVar[str] = """
        worst/<field>/<method>
    """
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int
