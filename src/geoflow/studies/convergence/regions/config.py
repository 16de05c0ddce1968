"""What the study `regions` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: x from, x to, y to; points: in each direction."""

    tables = {"modulus": "method x y modulus"}
    summary = "left_half/<method> stable/<method> interval/<method>"
    methods: list[str]
    window: list[float]
    points: int
