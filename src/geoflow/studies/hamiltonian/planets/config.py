"""What the study `planets` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian.runs import Run


@dataclass
class Planets(Study):
    """The outer solar system, with h in days. time: days; samples: kept states."""

    tables = {"orbits": "method body t x y z", "errors": "method t energy_error angular_momentum_error"}
    summary = """
        position_error/<method> energy_error/<method> energy_growth/<method>
        angular_momentum_error/<method> h/<method> end/<method> time
    """
    problem: Entry
    runs: list[Run]
    time: float
    samples: int
