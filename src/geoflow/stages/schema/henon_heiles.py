"""Studies of order and chaos in the problem of Henon and Heiles."""

from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import Study


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


STUDIES: dict[str, type[Study]] = {
    "sections": Sections,
    "lyapunov": Lyapunov,
}
