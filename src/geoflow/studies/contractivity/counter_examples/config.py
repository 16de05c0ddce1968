from geoflow.ground.study import Study, Values
from geoflow.studies.contractivity import Field


class Line(Values):
    """The map of each of `methods` at h = hL / L on a field of one component, for |x - x*| up to `reach`."""

    label: str
    field: Field
    methods: list[str]
    hL: float
    reach: float


class CounterExamples(Study):
    """Pairs that the first of `methods` drives apart on the field `plane` of two components, and maps that expand.

    drawn: the h L of the pair; smallest, count: the grid of h L up to there; pair (table): the points, stages and
    images of both; contours: V around them; growth: the expansion ratio less one, `smallest` at the smallest h L;
    pair (key): the ratio of the drawn pair; exponent: the slope of log growth against log h L of the first method;
    steepest: the largest |slope| of a map.
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
