"""What the study `regions` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import Study


@dataclass
class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: x from, x to, y to; points: in each direction."""

    tables: ClassVar[Mapping[str, str]] = {
        "modulus": "method x y modulus",
    }
    summary: ClassVar[str] = """
        left_half/<method> stable/<method> interval/<method>
    """
    methods: list[str]
    window: list[float]
    points: int
