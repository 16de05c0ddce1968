"""What the study `density` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Entry, Study


@dataclass
class Density(Study):
    """An ensemble that fills a disc of the phase plane: its density as a picture, and along orbits.

    h: step size; shown: numbers of steps after which there is a picture; members: of the ensemble; probes: small
    parallelograms whose area is followed; centre, radius: of the disc; highest, bins: window |p| < highest, cells.
    """

    tables = {"density": "method t q p density", "probes": "method t probe density"}
    summary = """
        members h time in_a_cell density_error/<method> density_ratio/<method> densest/<method> surplus/<method>
        chance/<method> escaped/<method>
    """
    problem: Entry
    methods: list[str]
    h: float
    shown: list[int]
    members: int
    probes: int
    centre: list[float]
    radius: float
    highest: float
    bins: int
    seed: int
