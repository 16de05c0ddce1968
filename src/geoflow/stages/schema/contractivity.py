"""Studies of gradient flows and their contractivity."""

from dataclasses import dataclass
from typing import ClassVar

from geoflow.stages.schema import gradient_flows, worst_cases
from geoflow.stages.schema.base import Study


@dataclass
class Radii(Study):
    """Contractivity radius, SSP coefficient and stability intervals from the coefficients."""

    function: ClassVar[str] = "geoflow.analysis.contractivity:radii"
    tables: ClassVar[tuple[str, ...]] = ("radii",)
    methods: list[str]


STUDIES: dict[str, type[Study]] = {
    **gradient_flows.STUDIES,
    "radii": Radii,
    **worst_cases.STUDIES,
}
