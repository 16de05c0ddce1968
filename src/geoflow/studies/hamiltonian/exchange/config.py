from geoflow.ground.study import Entry, Study, Values


class Run(Values):
    """A method and its step size times omega."""

    method: str
    h_omega: float


class Exchange(Study):
    """Energies I_j = (p_(m+j)^2 + omega^2 q_(m+j)^2)/2 of the stiff springs, and their sum I, the adiabatic invariant.

    interval: time between stored states, a multiple of all step sizes; reference, reference_h_omega: method and h omega
    of the fine run with which the I_j are compared up to the time `compared`.

    spring: j, 0 for I; energy (key), oscillatory: largest |H - H_0|/H_0 and |I - I_0|/I_0 over all steps; growth: of
    |I - I_0|; exchange_error: largest error of an I_j divided by I_0; speed: `half_time` of the reference divided by
    that of the run, if it exists; transfer: largest fraction of I in the last spring; kept: final I divided by I_0;
    overflow: 1 if a run overflows, 0 otherwise.
    """

    tables = {"energies": "method h_omega t spring energy"}
    summary = "{energy,oscillatory,exchange_error,transfer,speed,growth,kept,overflow}/<method>/<h_omega>"
    problem: Entry
    runs: list[Run]
    time: float
    interval: float
    reference: str
    reference_h_omega: float
    compared: float
