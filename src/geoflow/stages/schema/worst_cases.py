"""Studies of the stage contractivity that search and prove the worst case of a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, POTENTIALS, Study


@dataclass
class WorstCases(Study):
    """Largest expansion of a step over convex potentials: linear, sampled, searched and proved, against h L.

    potentials, points, implicit_points: what is sampled, as in `expansion`; dimension, restarts: of the search.
    """

    function: ClassVar[str] = "geoflow.analysis.worst_cases:worst_cases"
    tables: ClassVar[tuple[str, ...]] = ("worst",)
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS, "potentials": POTENTIALS}
    methods: list[str]
    largest: float
    count: int
    potentials: list[dict[str, Any]]
    points: int
    implicit_points: int
    dimension: int
    restarts: int
    seed: int


@dataclass
class ContractiveSteps(Study):
    """The largest step that is proved contractive over each class of right-hand sides, by bisection.

    reach: how far beyond the bound 2 r the bisection begins.
    """

    function: ClassVar[str] = "geoflow.analysis.worst_cases:contractive_steps"
    tables: ClassVar[tuple[str, ...]] = ("steps",)
    methods: list[str]
    classes: list[str]
    reach: float
    halvings: int


@dataclass
class EarlyExpansion(Study):
    """The worst expansion at small steps of methods without a contractivity radius."""

    function: ClassVar[str] = "geoflow.analysis.worst_cases:early_expansion"
    tables: ClassVar[tuple[str, ...]] = ("early",)
    methods: list[str]
    smallest: float
    largest: float
    count: int
    dimension: int
    restarts: int
    seed: int


@dataclass
class ContractionRates(Study):
    """The proved contraction factor over mu-strongly convex potentials and over quadratics; mu in units of L."""

    function: ClassVar[str] = "geoflow.analysis.contraction_rates:contraction_rates"
    tables: ClassVar[tuple[str, ...]] = ("rates",)
    methods: list[str]
    mu: float
    largest: float
    count: int


@dataclass
class OneSidedGrowth(Study):
    """The proved factor of implicit methods over all fields with the one-sided Lipschitz constant -mu, against h mu."""

    function: ClassVar[str] = "geoflow.analysis.contraction_rates:one_sided_growth"
    tables: ClassVar[tuple[str, ...]] = ("growth",)
    methods: list[str]
    largest: float
    count: int


@dataclass
class RadiusControls(Study):
    """Expansion at the bound 2 r and 1 % above it, proved and searched, of methods with a finite positive radius.

    dimension: of the space in which the search takes place.
    """

    function: ClassVar[str] = "geoflow.analysis.radius_controls:radius_controls"
    tables: ClassVar[tuple[str, ...]] = ("controls",)
    methods: list[str]
    dimension: int


@dataclass
class ContractionTheory(Study):
    """Radius, bound, linear interval and what decides them, of every Runge-Kutta method."""

    function: ClassVar[str] = "geoflow.analysis.contraction_theory:contraction_theory"
    tables: ClassVar[tuple[str, ...]] = ("theory",)
    methods: list[str]


@dataclass
class LayerConstants(Study):
    """Lipschitz constant of a gradient-flow layer with h = c 2 r / ||A||^2, for each c of `relative_steps`."""

    function: ClassVar[str] = "geoflow.learning.layer_constants:layer_constants"
    tables: ClassVar[tuple[str, ...]] = ("constants",)
    named: ClassVar[Mapping[str, str]] = {"schemes": METHODS}
    schemes: list[str]
    relative_steps: list[float]
    dimension: int
    hidden: int
    points: int
    restarts: int
    iterations: int
    seed: int


STUDIES: dict[str, type[Study]] = {
    "worst_cases": WorstCases,
    "contractive_steps": ContractiveSteps,
    "early_expansion": EarlyExpansion,
    "contraction_rates": ContractionRates,
    "one_sided_growth": OneSidedGrowth,
    "contraction_theory": ContractionTheory,
    "radius_controls": RadiusControls,
    "layer_constants": LayerConstants,
}
