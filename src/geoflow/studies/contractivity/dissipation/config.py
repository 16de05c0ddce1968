"""What the study `dissipation` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, POTENTIALS, Entry, Study


@dataclass
class Dissipation(Study):
    """The energy along a gradient flow, for h L in geometric progression."""

    tables: ClassVar[Mapping[str, str]] = {
        "rates": "method hL bound rate increases unsolved",
    }
    summary: ClassVar[str] = """
        increases/<method> unsolved/<method> slowest/<method> above_bound
    """
    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS, "methods": METHODS}
    potential: Entry
    methods: list[str]
    smallest: float
    largest: float
    count: int
    steps: int
    starts: int
    distance: float
    seed: int
