"""Studies of orders, costs and stability regions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from geoflow.stages.schema.base import CONTROLS, METHODS, PROBLEMS, Study


@dataclass
class Order(Study):
    """Error over the problem's span against h, and the order that a line through it shows.

    steps: numbers of steps over the span, one run each; controls: methods that are wrong on purpose.
    """

    function: ClassVar[str] = "geoflow.analysis.convergence:order"
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

    function: ClassVar[str] = "geoflow.analysis.catalogue:catalogue"
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

    function: ClassVar[str] = "geoflow.analysis.work:work"
    tables: ClassVar[tuple[str, ...]] = ("errors", "costs")
    problem: dict[str, Any]
    steps: list[int]
    accuracy: float
    methods: list[str] = field(default_factory=list)
    time: float = 0.0


@dataclass
class Regions(Study):
    """|R(z)| on a grid of z = x + iy, y >= 0. window: x from, x to, y to; points: in each direction."""

    function: ClassVar[str] = "geoflow.analysis.regions:regions"
    tables: ClassVar[tuple[str, ...]] = ("modulus",)
    methods: list[str]
    window: list[float]
    points: int


STUDIES: dict[str, type[Study]] = {
    "order": Order,
    "catalogue": Catalogue,
    "work": Work,
    "regions": Regions,
}
