from geoflow.ground.study import Study
from geoflow.studies.contractivity import Field


class Expansion(Study):
    """The largest expansion ratio of one step against h L.

    largest, count: h L runs over `count` equidistant values up to `largest`; points, implicit_points: how many are
    sampled around the zero of the field, for explicit and for implicit methods. bound: 2 r beta L; first_expansion:
    searched from the first step of the grid on, not a number if there is none; worst: the largest expansion.
    """

    tables = {"expansion": "field method hL expansion", "marks": "field method bound first_expansion"}
    summary = "worst/<field>/<method>"
    fields: list[Field]
    methods: list[str]
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int
