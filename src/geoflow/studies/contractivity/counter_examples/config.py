from geoflow.ground.study import Study, Values
from geoflow.studies.contractivity import Field


class Line(Values):
    """Graph of the map of each of `methods` at h = hL / L on a scalar field, for |x - x*| up to `reach`."""

    label: str
    field: Field
    methods: list[str]
    hL: float
    reach: float


class CounterExamples(Study):
    """Pairs whose distance grows under the first of `methods` on the two-dimensional field `plane`, and expanding maps.

    drawn: h L of the pair; smallest, count: grid of h L up to `drawn`.

    pair (table): points, stages and images of both; contours: V around them; growth: expansion ratio minus one,
    `smallest` at the smallest h L; pair (key): ratio of the drawn pair; exponent: slope of log growth against log h L
    for the first method; steepest: largest |slope| of a map.
    """

    tables = {
        "pair": "who stage x y",
        "contours": "x y value",
        "growth": "method hL growth",
        "maps": "line method hL x image slope",
    }
    summary = "smallest/<method> pair exponent steepest/<line>/<method_of_line>"
    plane: Field
    methods: list[str]
    drawn: float
    smallest: float
    count: int
    points: int
    lines: list[Line]
    seed: int
