"""What the study `sections` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian.runs import Run


@dataclass
class Sections(Study):
    """Surfaces of section by methods of equal cost.

    orbits, count: orbits of each energy and crossings of each orbit; curve: (H, q_2, p_2)
    on an invariant curve, crossed curve_count times; exponent_time: of the Lyapunov exponents that tell
    the orbits apart.
    """

    tables = {
        "crossings": "method energy orbit q2 p2",
        "orbits": "energy orbit exponent",
        "curve": "method t q2 p2 energy_error",
    }
    summary = """
        crossings cost/<method> energy_error/<method> residual/<method> energy_growth/<method>
        loss/<method> width/<method> residual/linear cost_ratio
    """
    problem: Entry
    energies: list[float]
    runs: list[Run]
    orbits: int
    count: int
    curve: list[float]
    curve_count: int
    exponent_time: float
