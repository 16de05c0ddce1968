"""What each study may be asked: one dataclass a study; its fields are the valid keys of `values`.

A field without a default must be given. Importing this module costs nothing: the Snakefile does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

PROBLEMS = "geoflow.problems:PROBLEMS"
METHODS = "geoflow.integrators:METHODS"


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
    """Error at the end of the problem's span against h, and the order that a line through it shows.

    steps: numbers of steps over the span, one run each.
    """

    tables: ClassVar[tuple[str, ...]] = ("errors", "orders")
    problem: dict[str, Any]
    methods: list[str]
    steps: list[int]


@dataclass
class Oscillator(Study):
    """The harmonic oscillator in its phase plane: orbits that spiral out, spiral in, or close.

    h: step size; steps: number of steps.
    """

    tables: ClassVar[tuple[str, ...]] = ("orbits",)
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int


@dataclass
class Orbits(Study):
    """Long runs: positions and the errors of the invariants.

    h: step size; steps: number of steps; every: keep each `every`-th state.
    """

    tables: ClassVar[tuple[str, ...]] = ("orbits", "invariants")
    problem: dict[str, Any]
    methods: list[str]
    h: float
    steps: int
    every: int = 1


STUDIES: dict[tuple[str, str], type[Study]] = {
    ("convergence", "order"): Order,
    ("hamiltonian", "oscillator"): Oscillator,
    ("hamiltonian", "orbits"): Orbits,
}
