from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


@dataclass
class EnergyRun(Run):
    """terms: truncation of the modified Hamiltonian that counts as the energy (1: H itself)."""

    terms: int


@dataclass
class RoundOff(Study):
    """What rounding does to the invariants over an ensemble of runs: plain, compensated, stopped early.

    steps: of each run; members: runs of the ensemble; tolerance: at which the variant `stopped` ends the iteration of
    stages. Errors are relative, in `members` with their signs. Keys: the facts of `growth_of`; gain: the rms of plain
    over that of compensated; coefficient_drift: the change of the angular momentum in a step that follows from the
    rounding of a Runge-Kutta method's coefficients.
    """

    tables = {
        "members": "method variant member steps energy_error angular_momentum_error",
        "errors": "method variant quantity steps rms",
    }
    summary = """
        steps members tolerance energy_rms/<method>/<variant> energy_exponent/<method>/<variant>
        energy_low/<method>/<variant> energy_high/<method>/<variant>
        energy_floor/<method>/<variant> energy_walk/<method>/<variant>
        energy_drift/<method>/<variant> energy_drift_low/<method>/<variant>
        energy_drift_high/<method>/<variant> energy_z/<method>/<variant> angular_momentum_rms/<method>/<variant>
        angular_momentum_exponent/<method>/<variant> angular_momentum_low/<method>/<variant>
        angular_momentum_high/<method>/<variant> angular_momentum_floor/<method>/<variant>
        angular_momentum_walk/<method>/<variant> angular_momentum_drift/<method>/<variant>
        angular_momentum_drift_low/<method>/<variant> angular_momentum_drift_high/<method>/<variant>
        angular_momentum_z/<method>/<variant>
        coefficient_drift/<method> energy_gain/<method> angular_momentum_gain/<method>
    """
    problem: Entry
    runs: list[EnergyRun]
    tolerance: float
    steps: int
    members: int
    seed: int
