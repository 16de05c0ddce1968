from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class EnergyRun(Run):
    """terms: truncation of the modified Hamiltonian that counts as the energy (1: H itself)."""

    terms: int


class RoundOff(Study):
    """Effect of round-off on the invariants over an ensemble of runs: plain, compensated, stopped early.

    steps: number of steps per run; members: number of runs; tolerance: at which the variant `stopped` ends the
    iteration of stages.

    Errors are relative, in the table `members` with sign. Keys: those of `growth_of`; gain: rms of plain divided by
    that of compensated; coefficient_drift: change of the angular momentum per step due to the rounding of the
    coefficients of a Runge-Kutta method.
    """

    tables = {
        "members": "method variant member steps energy_error angular_momentum_error",
        "errors": "method variant quantity steps rms",
    }
    summary = """
        steps members tolerance {coefficient_drift,energy_gain,angular_momentum_gain}/<method>
        {energy,angular_momentum}_{rms,exponent,low,high,floor,walk,drift,drift_low,drift_high,z}/<method>/<variant>
    """
    problem: Entry
    runs: list[EnergyRun]
    tolerance: float
    steps: int
    members: int
    seed: int
