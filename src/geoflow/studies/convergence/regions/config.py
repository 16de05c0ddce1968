from geoflow.ground.study import Study


class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: x from, x to, y to; points: in each direction.

    left_half: the largest |R| on the part of the grid with x <= 0: at most one for an A-stable method; stable: the area
    (counted twice, for both halves) where |R| <= 1; interval: the length of the negative axis, from 0 on, where
    |R| <= 1 (by the coefficients).
    """

    tables = {"modulus": "method x y modulus"}
    summary = "left_half/<method> stable/<method> interval/<method>"
    methods: list[str]
    window: list[float]
    points: int
