"""What the study `first_integrals` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import Claim, Entry, Study


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
    standing: ClassVar[tuple[Claim, ...]] = (
        Claim(
            name="not_both",
            text="no method keeps both the energy (to 1e-10) and the symplectic form",
            quantity="keeps_both",
            below=0.5,
        ),
        Claim(
            name="rk4_energy",
            text="negative control: the energy error of RK4 grows with time",
            quantity="energy_growth/rk4",
            above=5,
        ),
    )
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    every: int
    loop_radius: float
    loop_points: int
    loop_steps: int
