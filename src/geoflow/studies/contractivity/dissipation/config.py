"""What the study `dissipation` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import METHODS, POTENTIALS, Entry, Study


@dataclass
class Dissipation(Study):
    """The energy along a gradient flow, for h L in geometric progression."""

    tables = {"rates": "method hL bound rate increases unsolved"}
    summary = "increases/<method> unsolved/<method> slowest/<method> above_bound"
    named = {"potential": POTENTIALS, "methods": METHODS}
    potential: Entry
    methods: list[str]
    smallest: float
    largest: float
    count: int
    steps: int
    starts: int
    distance: float
    seed: int
