from geoflow.ground.study import METHODS, NAMED, Entry, Study, Values


class Run(Values):
    """A method, and the largest truncation of its modified Hamiltonian."""

    method: str
    terms: int


class Mistaken(Values):
    """Negative control: runs of `method`, measured with the modified Hamiltonians of `hamiltonian_of`."""

    method: str
    hamiltonian_of: str


class ModifiedHamiltonian(Study):
    """Conservation of truncations of the modified Hamiltonian as a function of h.

    time: length of each run; samples: number of stored states per run; controls: methods without a modified
    Hamiltonian, measured with H = H_[1]; drift_h, drift_time: step size and length of the run that is shown against
    time; singularity: distance rho of the complex singularities of the exact solution from the real axis.

    slope_gap: largest |slope - N| for N = 2 to 8. With best the smallest error over N: optimal: the N of the best at
    the largest h considered; excess: error of the largest N divided by the best there; gain: error of H divided by the
    best at `drift_h`; rate: slope of -log(best) against 1/h; rate_ratio: rate divided by 2 pi rho; growth: of the
    drift.
    """

    tables = {"errors": "method truncation h error steps in_fit", "drift": "method truncation t error"}
    summary = """
        {slope,growth}/<method>/<truncation> {gain,optimal,optimal_h,excess,rate,rate_ratio}/<method>
        slope/mistaken/<truncation> growth/<control> drift_h drift_time terms expected_rate slope_gap
    """
    named = {**NAMED, "controls": METHODS}
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
