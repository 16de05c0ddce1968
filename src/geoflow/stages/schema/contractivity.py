"""Studies of the steps up to which a method is contractive."""

from dataclasses import dataclass
from typing import ClassVar

from geoflow.stages.schema.base import Study


@dataclass
class Radii(Study):
    """Contractivity radius, SSP coefficient and stability intervals from the coefficients."""

    function: ClassVar[str] = "geoflow.analysis.contractivity:radii"
    tables: ClassVar[tuple[str, ...]] = ("radii",)
    methods: list[str]


STUDIES: dict[str, type[Study]] = {
    "radii": Radii,
}
