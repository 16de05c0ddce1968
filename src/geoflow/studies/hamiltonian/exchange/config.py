"""What the study `exchange` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Entry, Study


@dataclass
class Run:
    """A method, and its step size times omega."""

    named: ClassVar[Mapping[str, str]] = {"method": METHODS}
    method: str
    h_omega: float


@dataclass
class Exchange(Study):
    """Oscillatory energies of a chain with stiff springs.

    interval: between kept states, a multiple of all steps; reference,
    reference_h_omega: the run that the energies are measured against, up to the time `compared`.
    """

    tables: ClassVar[Mapping[str, str]] = {"energies": "method h_omega t spring energy"}
    summary: ClassVar[str] = """
        energy/<method>/<h_omega> oscillatory/<method>/<h_omega>
        exchange_error/<method>/<h_omega> transfer/<method>/<h_omega> speed/<method>/<h_omega>
        growth/<method>/<h_omega> kept/<method>/<h_omega> overflow/<method>/<h_omega>
    """
    named: ClassVar[Mapping[str, str]] = {**Study.named, "reference": METHODS}
    problem: Entry
    runs: list[Run]
    time: float
    interval: float
    reference: str
    reference_h_omega: float
    compared: float
