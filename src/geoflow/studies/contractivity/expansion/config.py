from geoflow.ground.study import Study
from geoflow.studies.contractivity import Field


class Expansion(Study):
    """Sampled maximum of the expansion ratio of one step as a function of h L.

    largest, count: `count` equidistant values of h L up to `largest`; points, implicit_points: numbers of samples
    around the zero of the field for explicit and implicit methods. bound: 2 r beta L; first_expansion: smallest h L
    found by search, NaN if there is none; worst: largest expansion.
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
