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
    """Long runs of Kepler's problem: orbits, and how the errors of invariants and position grow.

    h: step size; steps: number of steps; segments: about so many places, equally spaced in log t, at which the errors
    are kept; shown: steps drawn at both ends.
    """

    function: ClassVar[str] = "geoflow.analysis.orbits:orbits"
    tables: ClassVar[tuple[str, ...]] = ("orbits", "errors")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    segments: int
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
class Density(Study):
    """An ensemble that fills a disc of the phase plane: its density as a picture, and along orbits.

    h: step size; shown: numbers of steps after which there is a picture; members: of the ensemble; probes: small
    parallelograms whose area is followed; centre, radius: of the disc; highest, bins: window |p| < highest, cells.
    """

    function: ClassVar[str] = "geoflow.analysis.density:density"
    tables: ClassVar[tuple[str, ...]] = ("density", "probes")
    problem: dict[str, Any]
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


@dataclass
class Sections(Study):
    """Surfaces of section by methods of equal cost.

    h: the step of each method; orbits, count: orbits of each energy and crossings of each orbit; curve: (H, q_2, p_2)
    on an invariant curve, crossed curve_count times; exponent_time: of the Lyapunov exponents that tell
    the orbits apart.
    """

    function: ClassVar[str] = "geoflow.analysis.henon_heiles:sections"
    tables: ClassVar[tuple[str, ...]] = ("crossings", "orbits", "curve")
    problem: dict[str, Any]
    energies: list[float]
    methods: list[str]
    h: list[float]
    orbits: int
    count: int
    curve: list[float]
    curve_count: int
    exponent_time: float


@dataclass
class Lyapunov(Study):
    """Lyapunov exponents of orbits that fill the section.

    h: the step of each method; margin: how many times log(t)/t the exponent of a chaotic orbit exceeds.
    """

    function: ClassVar[str] = "geoflow.analysis.henon_heiles:lyapunov"
    tables: ClassVar[tuple[str, ...]] = ("exponents", "fractions")
    energies: list[float]
    methods: list[str]
    h: list[float]
    orbits: int
    time: float
    samples: int
    margin: float


@dataclass
class Exchange(Study):
    """Oscillatory energies of a chain with stiff springs.

    h_omega: the step of each method, times omega; interval: between kept states, a multiple of all steps; reference,
    reference_h_omega: the run that the energies are measured against, up to the time `compared`.
    """

    function: ClassVar[str] = "geoflow.analysis.stiff_springs:exchange"
    tables: ClassVar[tuple[str, ...]] = ("energies",)
    named: ClassVar[Mapping[str, str]] = {**Study.named, "reference": METHODS}
    problem: dict[str, Any]
    methods: list[str]
    h_omega: list[float]
    time: float
    interval: float
    reference: str
    reference_h_omega: float
    compared: float


@dataclass
class Resonances(Study):
    """Errors of energy and adiabatic invariant against h omega.

    largest: the largest h omega, in units of pi; points: how many, equidistant; near: and at these distances from
    each multiple of pi; reference, reference_points: the method of the fine runs, and at how many frequencies.
    """

    function: ClassVar[str] = "geoflow.analysis.stiff_springs:resonances"
    tables: ClassVar[tuple[str, ...]] = ("deviations", "fine")
    named: ClassVar[Mapping[str, str]] = {**Study.named, "reference": METHODS}
    problem: dict[str, Any]
    methods: list[str]
    h: float
    time: float
    largest: float
    points: int
    near: list[float]
    reference: str
    reference_points: int


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
    "round_off": RoundOff,
    "density": Density,
    "sections": Sections,
    "lyapunov": Lyapunov,
    "exchange": Exchange,
    "resonances": Resonances,
    "first_integrals": FirstIntegrals,
    "variable_steps": VariableSteps,
    "gallery": Gallery,
    "planet_costs": PlanetCosts,
}
