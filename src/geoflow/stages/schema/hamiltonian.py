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
    """A disc of initial states, carried along.

    h, steps, every: as for orbits; centre, radius: of the disc in (q, p); points: corners of its outline.
    """

    function: ClassVar[str] = "geoflow.analysis.area:area"
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


STUDIES: dict[str, type[Study]] = {
    "oscillator": Oscillator,
    "orbits": Orbits,
    "area": Area,
    "planets": Planets,
    "modified_hamiltonian": ModifiedHamiltonian,
    "round_off": RoundOff,
    "density": Density,
}
