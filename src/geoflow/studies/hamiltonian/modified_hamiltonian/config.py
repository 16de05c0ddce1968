"""What the study `modified_hamiltonian` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS, Entry, Study


@dataclass
class Run:
    """A method, and the largest truncation of its modified Hamiltonian that is looked at."""

    named: ClassVar[Mapping[str, str]] = {"method": METHODS}
    method: str
    terms: int


@dataclass
class Mistaken:
    """Runs of `method`, measured with the modified Hamiltonians of `hamiltonian_of`, a negative control."""

    named: ClassVar[Mapping[str, str]] = {"method": METHODS, "hamiltonian_of": METHODS}
    method: str
    hamiltonian_of: str


@dataclass
class ModifiedHamiltonian(Study):
    """How well truncations of the modified Hamiltonian are conserved, against h.

    time: of each run; samples: kept states of a run;
    controls: methods without one;
    drift_h, drift_time: of the run that is shown against time; singularity: distance of the exact
    solution's complex singularities from the real times.
    """

    tables: ClassVar[Mapping[str, str]] = {
        "errors": "method truncation h error steps in_fit",
        "drift": "method truncation t error",
    }
    summary: ClassVar[str] = """
        slope/<method>/<truncation> growth/<method>/<truncation> gain/<method> optimal/<method>
        optimal_h/<method> excess/<method> rate/<method> rate_ratio/<method>
        slope/mistaken/<truncation> growth/<control> drift_h drift_time terms expected_rate
        slope_gap
    """
    named: ClassVar[Mapping[str, str]] = {
        **Study.named,
        "controls": METHODS,
    }
    problem: Entry
    runs: list[Run]
    h: list[float]
    time: float
    samples: int
    mistaken: Mistaken
    controls: list[str]
    drift_h: float
    drift_time: float
    singularity: float
