"""What the study `largest_steps` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Study
from geoflow.studies.contractivity.fields import Field


@dataclass
class LargestSteps(Study):
    """The step from which on a method is seen to expand, by bisection, beside the bound 2 r and the linear one.

    smallest, largest, count: the grid of h L, in geometric progression.
    """

    tables: ClassVar[Mapping[str, str]] = {
        "steps": (
            "field method skew bound gradient_bound linear first_expansion worst "
            "just_above violations gradient_violations"
        ),
    }
    summary: ClassVar[str] = """
        bound/<field>/<method> linear/<field>/<method> first_expansion/<field>/<method>
        worst/<field>/<method> just_above/<field>/<method> earliest/<method> violations
        skew_violations skew_gradient_violations methods_finite attained methods_zero
        early_share methods_stable stable_worst
    """
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int
