"""What each study may be asked: one dataclass a study; its fields are the valid keys of `values`.

A field without a default must be given. Importing this module costs nothing: the Snakefile does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

PROBLEMS = "geoflow.problems:PROBLEMS"
METHODS = "geoflow.integrators:METHODS"
CONTROLS = "geoflow.integrators.controls:CONTROLS"
CONTROLS = "geoflow.integrators.controls:CONTROLS"
POTENTIALS = "geoflow.potentials:POTENTIALS"
ARCHITECTURES = "geoflow.networks:ARCHITECTURES"
LOSSES = "geoflow.learning:LOSSES"
DATASETS = "geoflow.learning:DATASETS"


@dataclass
class Study:
    """The base of all.

    tables: what the study returns besides its summary, each a Parquet file.
    named: fields that hold names of a table of the library (or one dict with a `name` and the
    parameters of that entry). They are looked up when the config is composed, so that a misspelt
    method fails before anything runs.
    """

    tables: ClassVar[tuple[str, ...]] = ()
    named: ClassVar[Mapping[str, str]] = {"problem": PROBLEMS, "methods": METHODS}


@dataclass
class Order(Study):
    """Error over the problem's span against h, and the order that a line through it shows.

    steps: numbers of steps over the span, one run each; controls: methods that are wrong on purpose.
    """

    tables: ClassVar[tuple[str, ...]] = ("errors", "orders")
    named: ClassVar[Mapping[str, str]] = {**Study.named, "controls": CONTROLS}
    problem: dict[str, Any]
    methods: list[str]
    steps: list[int]
    controls: list[str] = field(default_factory=list)


@dataclass
class Catalogue(Study):
    """Every method of the table: declared, derived, measured.

    problems: where to measure, the first that serves; methods, controls: all where the list is empty; end: until when.
    """

    tables: ClassVar[tuple[str, ...]] = ("catalogue", "errors")
    named: ClassVar[Mapping[str, str]] = {
        "problems": PROBLEMS,
        "methods": METHODS,
        "controls": CONTROLS,
    }
    problems: list[str]
    methods: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    end: float = 1.0


@dataclass
class Work(Study):
    """Error over a span against evaluations, and what a given accuracy costs.

    steps: numbers of steps, from coarse to fine; time: length of the span (0: the problem's own);
    accuracy: the relative error whose cost is compared; methods: all that the problem serves where the list is empty.
    """

    tables: ClassVar[tuple[str, ...]] = ("errors", "costs")
    problem: dict[str, Any]
    steps: list[int]
    accuracy: float
    methods: list[str] = field(default_factory=list)
    time: float = 0.0


@dataclass
class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: x from, x to, y to; points: in each direction."""

    tables: ClassVar[tuple[str, ...]] = ("modulus",)
    methods: list[str]
    window: list[float]
    points: int


@dataclass
class Oscillator(Study):
    """The harmonic oscillator in its phase plane: orbits that spiral out, spiral in, or close.

    h: step size; steps: number of steps; adaptive_tolerance: atol of the adaptive method beside them.
    """

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
class Network:
    """label: its name in tables, figures and summary keys; architecture and loss: names with parameters."""

    named: ClassVar[Mapping[str, str]] = {"architecture": ARCHITECTURES, "loss": LOSSES}
    label: str
    architecture: dict[str, Any]
    loss: dict[str, Any]


@dataclass
class Training:
    """Adam; the rate rises over `warm_up` of the steps to `learning_rate` and falls along a cosine."""

    epochs: int
    batch: int = 100
    learning_rate: float = 0.003
    warm_up: float = 0.2


@dataclass
class Attack:
    """l2-PGD: `restarts` runs of `steps` steps for each objective, at each eps."""

    steps: int = 40
    restarts: int = 2
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy", "margin"])


@dataclass
class Robustness(Study):
    """Accuracy of trained networks against eps: clean (eps = 0), attacked, certified.

    seeds: one training each; device: cpu, cuda or auto; printed: published attacked accuracies in
    percent, one for each eps, by network.
    """

    tables: ClassVar[tuple[str, ...]] = ("accuracy", "training", "lipschitz")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    training: Training
    attack: Attack
    eps: list[float]
    seeds: list[int]
    device: str = "cpu"
    printed: dict[str, list[float]] = field(default_factory=dict)


@dataclass
class StepSize(Study):
    """Gradient-flow networks with h = c 2 r / ||A||^2 for each c of `relative_steps`.

    sweeps: power iterations from which a step is set, for a random matrix of `size` rows.
    """

    tables: ClassVar[tuple[str, ...]] = ("networks", "accuracy", "training", "power_iteration")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    network: Network
    training: Training
    attack: Attack
    eps: list[float]
    relative_steps: list[float]
    sweeps: list[int]
    size: int
    seeds: list[int]


@dataclass
class Expansion(Study):
    """The largest ratio of distances after and before one step of a gradient flow, against h L.

    largest, count: h L runs over `count` equidistant values up to `largest`; points,
    implicit_points: how many are sampled around the minimiser, for explicit and for implicit methods.
    """

    tables: ClassVar[tuple[str, ...]] = ("expansion", "steps")
    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS, "methods": METHODS}
    potential: dict[str, Any]
    methods: list[str]
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int


@dataclass
class Radii(Study):
    """Contractivity radius, SSP coefficient and stability intervals from the coefficients."""

    tables: ClassVar[tuple[str, ...]] = ("radii",)
    methods: list[str]


STUDIES: dict[tuple[str, str], type[Study]] = {
    ("convergence", "order"): Order,
    ("convergence", "catalogue"): Catalogue,
    ("convergence", "work"): Work,
    ("convergence", "regions"): Regions,
    ("hamiltonian", "oscillator"): Oscillator,
    ("hamiltonian", "orbits"): Orbits,
    ("hamiltonian", "area"): Area,
    ("hamiltonian", "planets"): Planets,
    ("hamiltonian", "modified_hamiltonian"): ModifiedHamiltonian,
    ("contractivity", "expansion"): Expansion,
    ("contractivity", "radii"): Radii,
    ("robust", "robustness"): Robustness,
    ("robust", "step_size"): StepSize,
}
