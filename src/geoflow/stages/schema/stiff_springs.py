"""Studies of chains with stiff springs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import METHODS, Study


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
    "exchange": Exchange,
    "resonances": Resonances,
}
