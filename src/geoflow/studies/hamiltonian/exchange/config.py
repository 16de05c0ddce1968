from geoflow.ground.study import Entry, Study, Values


class Run(Values):
    """A method, and its step size times omega."""

    method: str
    h_omega: float


class Exchange(Study):
    """Energies I_j = (p_(m+j)^2 + omega^2 q_(m+j)^2)/2 of the stiff springs, and their sum I, the adiabatic invariant.

    interval: between kept states, a multiple of all steps; reference, reference_h_omega: the fine run that the I_j are
    measured against, up to the time `compared`. spring: j, 0 for I; energy (key), oscillatory: the largest
    |H - H_0|/H_0 and |I - I_0|/I_0 over all steps; growth: of |I - I_0|; exchange_error: the largest error of an I_j
    over I_0; speed: the `half_time` of the reference over its own, where it has one; transfer: the largest part of I
    that the last spring has; kept: I at the end over I_0; overflow: 1 where a run overflows, 0 otherwise.
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
