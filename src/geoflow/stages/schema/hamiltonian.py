"""Studies of Hamiltonian problems: orbits, and sets of initial states that are carried along."""

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


STUDIES: dict[str, type[Study]] = {
    "oscillator": Oscillator,
    "orbits": Orbits,
    "area": Area,
    "density": Density,
    "planets": Planets,
    "planet_costs": PlanetCosts,
    "gallery": Gallery,
}
