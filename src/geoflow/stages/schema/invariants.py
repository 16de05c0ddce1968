"""Studies of what a method keeps: the modified Hamiltonian, first integrals, rounding, variable steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, Study


@dataclass
class ModifiedHamiltonian(Study):
    """How well truncations of the modified Hamiltonian are conserved, against h.

    terms: the largest truncation of each method; time: of each run; samples: kept states of a run;
    mistaken: a method, and one whose Hamiltonians are wrong for it; controls: methods without one;
    drift_h, drift_time: of the run that is shown against time; singularity: distance of the exact
    solution's complex singularities from the real times.
    """

    function: ClassVar[str] = "geoflow.analysis.backward_error:modified_hamiltonian"
    tables: ClassVar[tuple[str, ...]] = ("errors", "drift")
    named: ClassVar[Mapping[str, str]] = {
        **Study.named,
        "mistaken": METHODS,
        "controls": METHODS,
    }
    problem: dict[str, Any]
    methods: list[str]
    terms: list[int]
    h: list[float]
    time: float
    samples: int
    mistaken: list[str]
    controls: list[str]
    drift_h: float
    drift_time: float
    singularity: float


@dataclass
class RoundOff(Study):
    """What rounding does to the invariants over an ensemble of runs: plain, compensated, stopped early.

    h, terms: step of each method, and truncation of the modified Hamiltonian that is its energy (1: H itself); steps:
    of each run; members: runs of the ensemble; tolerance: at which the variant `stopped` ends the iteration of stages.
    """

    function: ClassVar[str] = "geoflow.analysis.round_off:round_off"
    tables: ClassVar[tuple[str, ...]] = ("members", "errors")
    problem: dict[str, Any]
    methods: list[str]
    h: list[float]
    terms: list[int]
    tolerance: float
    steps: int
    members: int
    seed: int


@dataclass
class FirstIntegrals(Study):
    """Invariants over a long run beside the symplectic form, in one step and round a loop of initial states.

    h, steps, every: as for orbits; loop_radius, loop_points, loop_steps: of the loop and of its run.
    """

    function: ClassVar[str] = "geoflow.analysis.first_integrals:first_integrals"
    tables: ClassVar[tuple[str, ...]] = ("errors", "loops", "kept")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    every: int
    loop_radius: float
    loop_points: int
    loop_steps: int


@dataclass
class VariableSteps(Study):
    """Kepler orbits with equally many steps a period, `fixed` methods beside `variable` ones that carry a clock.

    steps_per_period, periods: of each run; samples_per_period: kept states.
    """

    function: ClassVar[str] = "geoflow.analysis.variable_steps:variable_steps"
    tables: ClassVar[tuple[str, ...]] = ("errors",)
    named: ClassVar[Mapping[str, str]] = {"fixed": METHODS, "variable": METHODS}
    eccentricities: list[float]
    steps_per_period: int
    periods: int
    samples_per_period: int
    fixed: list[str]
    variable: list[str]


STUDIES: dict[str, type[Study]] = {
    "modified_hamiltonian": ModifiedHamiltonian,
    "round_off": RoundOff,
    "first_integrals": FirstIntegrals,
    "variable_steps": VariableSteps,
}
