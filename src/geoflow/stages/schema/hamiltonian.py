"""Studies of Hamiltonian problems over long times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, Study


@dataclass
class Oscillator(Study):
    """The harmonic oscillator in its phase plane: orbits that spiral out, spiral in, or close.

    h: step size; steps: number of steps; adaptive_tolerance: atol of the adaptive method beside them.
    """

    function: ClassVar[str] = "geoflow.analysis.hamiltonian:oscillator"
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

    function: ClassVar[str] = "geoflow.analysis.hamiltonian:orbits"
    tables: ClassVar[tuple[str, ...]] = ("orbits", "errors")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    every: int
    shown: int


@dataclass
class Area(Study):
    """A disc of initial states, carried along.

    h, steps, every: as for orbits; centre, radius: of the disc in (q, p); points: corners of its outline.
    """

    function: ClassVar[str] = "geoflow.analysis.hamiltonian:area"
    tables: ClassVar[tuple[str, ...]] = ("outlines", "areas")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    every: int
    centre: list[float]
    radius: float
    points: int


@dataclass
class Planets(Study):
    """The outer solar system. h: the step of each method, in days; time: days; samples: kept states."""

    function: ClassVar[str] = "geoflow.analysis.hamiltonian:planets"
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


STUDIES: dict[str, type[Study]] = {
    "oscillator": Oscillator,
    "orbits": Orbits,
    "area": Area,
    "planets": Planets,
    "modified_hamiltonian": ModifiedHamiltonian,
    "sections": Sections,
    "lyapunov": Lyapunov,
    "exchange": Exchange,
    "resonances": Resonances,
}
