from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class EnergyRun(Run):
    """terms: truncation of the modified Hamiltonian that counts as the energy (1: H itself)."""

    terms: int


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
        steps members tolerance {coefficient_drift,energy_gain,angular_momentum_gain}/<method>
        {energy,angular_momentum}_{rms,exponent,low,high,floor,walk,drift,drift_low,drift_high,z}/<method>/<variant>
    """
    problem: Entry
    runs: list[EnergyRun]
    tolerance: float
    steps: int
    members: int
    seed: int
