"""What the study `first_integrals` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import Entry, Study


@dataclass
class FirstIntegrals(Study):
    """Invariants over a long run beside the symplectic form, in one step and round a loop of initial states.

    h, steps, every: as for orbits; loop_radius, loop_points, loop_steps: of the loop and of its run.
    """

    tables: ClassVar[Mapping[str, str]] = {
        "errors": "invariant t error method",
        "loops": "t change method",
        "kept": "method energy loop symplecticity symmetry angular_momentum?",
    }
    summary: ClassVar[str] = """
        <invariant>_error/<method> energy_growth/<method> loop/<method> symplecticity/<method>
        symmetry/<method> methods keeps_energy keeps_form keeps_both steps time loop_time
    """
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    every: int
    loop_radius: float
    loop_points: int
    loop_steps: int
