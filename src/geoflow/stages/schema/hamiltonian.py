"""Studies of Hamiltonian problems over long times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, OBSERVABLES, Study


@dataclass
class Oscillator(Study):
    """The harmonic oscillator in its phase plane: orbits that spiral out, spiral in, or close.

    h: step size; steps: number of steps; adaptive_tolerance: atol of the adaptive method beside them.
    """

    function: ClassVar[str] = "geoflow.analysis.oscillator:oscillator"
    tables: ClassVar[tuple[str, ...]] = ("states",)
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    adaptive_tolerance: float = 1e-2


@dataclass
class Orbits(Study):
    """Long runs: orbits and the errors of the invariants.

    h: step size; steps: number of steps; every: keep each `every`-th state; shown: steps drawn at both ends.
    """

    function: ClassVar[str] = "geoflow.analysis.orbits:orbits"
    tables: ClassVar[tuple[str, ...]] = ("orbits", "errors")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    every: int
    shown: int


@dataclass
class Area(Study):
    """Sets of initial states, carried along.

    h: the step of each method; steps, every: as for orbits; shapes: of each `centre` in (q, p) and `radius`, a disc or
    the `figure` cat; points, most_points: on the outline of a disc, at first and at most; tolerance: of its area.
    """

    function: ClassVar[str] = "geoflow.analysis.area:area"
    tables: ClassVar[tuple[str, ...]] = ("outlines", "areas")
    problem: dict[str, Any]
    methods: list[str]
    h: list[float]
    steps: int
    every: int
    shapes: list[dict[str, Any]]
    points: int
    most_points: int
    tolerance: float


@dataclass
class Planets(Study):
    """The outer solar system. h: the step of each method, in days; time: days; samples: kept states."""

    function: ClassVar[str] = "geoflow.analysis.planets:planets"
    tables: ClassVar[tuple[str, ...]] = ("orbits", "errors")
    problem: dict[str, Any]
    methods: list[str]
    h: list[float]
    time: float
    samples: int


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


@dataclass
class Gallery(Study):
    """Invariants over time and an orbit seen in some of its components.

    h: the step of each method; time: of the run; samples: kept states; components: of the state, two or three;
    observed: quantities that are no invariants of the problem; starts: initial states, where there are several.
    """

    function: ClassVar[str] = "geoflow.analysis.gallery:gallery"
    tables: ClassVar[tuple[str, ...]] = ("orbits", "errors", "observed")
    named: ClassVar[Mapping[str, str]] = {**Study.named, "observed": OBSERVABLES}
    problem: dict[str, Any]
    methods: list[str]
    h: list[float]
    time: float
    samples: int
    components: list[int]
    observed: list[str] = field(default_factory=list)
    starts: list[list[float]] = field(default_factory=list)


@dataclass
class PlanetCosts(Study):
    """Position error of the outer solar system after `time` days against the evaluations that it takes.

    split_methods: run in Jacobi's coordinates; evaluations: that a run spends, from few to many; accuracies: in AU,
    whose cost is compared.
    """

    function: ClassVar[str] = "geoflow.analysis.planet_costs:planet_costs"
    tables: ClassVar[tuple[str, ...]] = ("errors", "costs")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS, "split_methods": METHODS}
    methods: list[str]
    split_methods: list[str]
    evaluations: list[int]
    time: float
    accuracies: list[float]


STUDIES: dict[str, type[Study]] = {
    "oscillator": Oscillator,
    "orbits": Orbits,
    "area": Area,
    "planets": Planets,
    "modified_hamiltonian": ModifiedHamiltonian,
    "first_integrals": FirstIntegrals,
    "variable_steps": VariableSteps,
    "gallery": Gallery,
    "planet_costs": PlanetCosts,
}
