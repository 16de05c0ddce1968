from geoflow.ground.study import Entry, Study, Values
from geoflow.studies.hamiltonian import Run


class Shape(Values):
    """A set of initial states: a disc around `centre` = (q, p), or the `figure` cat of its width."""

    centre: list[float]
    radius: float
    figure: str = "disc"


class Area(Study):
    """Sets of initial states, carried along.

    steps, every: as for orbits; shapes: the sets;
    points, most_points: on the boundary of a disc, at first and at most; tolerance: of its area.
    area_ratio: over the area at the start, as a key of all sets at the end; area_error: the largest |ratio - 1|;
    unsettled: what the last refinement of a curve changed in a ratio.
    """

    tables = {"curves": "method shape time point q p", "areas": "method shape time area_ratio"}
    summary = "area_error/<method> area_ratio/<method> unsettled/<method> h/<method>"
    problem: Entry
    runs: list[Run]
    steps: int
    every: int
    shapes: list[Shape]
    points: int
    most_points: int
    tolerance: float
