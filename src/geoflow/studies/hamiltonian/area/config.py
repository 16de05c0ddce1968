from geoflow.ground.study import Entry, Study, Values
from geoflow.studies.hamiltonian import Run


class Shape(Values):
    """A set of initial states: a disc around `centre` = (q, p), or the `figure` cat of its width."""

    centre: list[float]
    radius: float
    figure: str = "disc"


class Area(Study):
    """Area of images of sets of initial states.

    steps, every: number of steps, and steps between samples; shapes: the initial sets;
    points, most_points: initial and largest number of points on the boundary of a disc; tolerance: of its area.

    area_ratio: area divided by the initial area, in the summary at the end; area_error: largest |ratio - 1|;
    unsettled: change of a ratio by the last refinement of the curve.
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
