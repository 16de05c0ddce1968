from geoflow.ground.study import Study


class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: limits of the grid: x from, x to, y to; points: number of grid
    points in each direction.

    left_half: largest |R| on the grid for x <= 0, at most one for an A-stable method; stable: area (of both half
    planes) in which |R| <= 1; interval: length of the real stability interval, from the coefficients.
    """

    tables = {"modulus": "method x y modulus"}
    summary = "left_half/<method> stable/<method> interval/<method>"
    methods: list[str]
    window: list[float]
    points: int
