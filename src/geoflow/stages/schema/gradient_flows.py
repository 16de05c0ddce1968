"""Studies of steps on monotone fields: expansion, counter-examples, discs, other norms, descent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, POTENTIALS, Study

OPTIMISERS = "geoflow.analysis.descent:OPTIMISERS"


@dataclass
class Field:
    """x' = -grad V(x) - S (x - x*): `potential` by name, with parameters; `skew` is the norm of S."""

    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS}
    label: str
    potential: dict[str, Any]
    skew: float = 0.0


@dataclass
class Line:
    """The map of each of `methods` at h = hL / L on a field of one component, for |x - x*| up to `reach`."""

    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    label: str
    field: Field
    methods: list[str]
    hL: float
    reach: float


@dataclass
class Expansion(Study):
    """The largest expansion ratio of one step against h L.

    largest, count: h L runs over `count` equidistant values up to `largest`; points, implicit_points: how many are
    sampled around the zero of the field, for explicit and for implicit methods.
    """

    function: ClassVar[str] = "geoflow.analysis.expansion:expansion"
    tables: ClassVar[tuple[str, ...]] = ("expansion", "marks")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int


@dataclass
class LargestSteps(Study):
    """The step from which on a method is seen to expand, by bisection, beside the bound 2 r and the linear one.

    smallest, largest, count: the grid of h L, in geometric progression.
    """

    function: ClassVar[str] = "geoflow.analysis.expansion:largest_steps"
    tables: ClassVar[tuple[str, ...]] = ("steps",)
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    implicit_points: int
    seed: int


@dataclass
class CounterExamples(Study):
    """Pairs and maps that expand; drawn: the h L of the pair; smallest, count: the grid of h L up to there."""

    function: ClassVar[str] = "geoflow.analysis.counter_examples:counter_examples"
    tables: ClassVar[tuple[str, ...]] = ("pair", "contours", "growth", "maps")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    plane: Field
    methods: list[str]
    drawn: float
    smallest: float
    count: int
    points: int
    lines: list[Line]
    seed: int


@dataclass
class Discs(Study):
    """Circles of initial points after each of `steps` steps; `hL` for each method, `centres` from the zero."""

    function: ClassVar[str] = "geoflow.analysis.discs:discs"
    tables: ClassVar[tuple[str, ...]] = ("circles", "contours")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    field: Field
    methods: list[str]
    hL: list[float]
    steps: int
    radius: float
    centres: list[list[float]]
    points: int


@dataclass
class Norms(Study):
    """Largest non-expansive steps in l1, l2 and l-infinity, and logarithmic norms."""

    function: ClassVar[str] = "geoflow.analysis.norms:norms"
    tables: ClassVar[tuple[str, ...]] = ("logarithmic", "steps")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    seed: int


@dataclass
class Dissipation(Study):
    """The energy along a gradient flow, for h L in geometric progression."""

    function: ClassVar[str] = "geoflow.analysis.dissipation:dissipation"
    tables: ClassVar[tuple[str, ...]] = ("rates",)
    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS, "methods": METHODS}
    potential: dict[str, Any]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    steps: int
    starts: int
    distance: float
    seed: int


@dataclass
class Descent(Study):
    """Error against gradient evaluations; stages: of the stabilised Runge-Kutta method."""

    function: ClassVar[str] = "geoflow.analysis.descent:descent"
    tables: ClassVar[tuple[str, ...]] = ("errors", "rates")
    named: ClassVar[Mapping[str, str]] = {"optimisers": OPTIMISERS}
    potentials: list[dict[str, Any]]
    optimisers: list[str]
    stages: int
    evaluations: int
    distance: float
    seed: int


STUDIES: dict[str, type[Study]] = {
    "expansion": Expansion,
    "largest_steps": LargestSteps,
    "counter_examples": CounterExamples,
    "discs": Discs,
    "norms": Norms,
    "dissipation": Dissipation,
    "descent": Descent,
}
