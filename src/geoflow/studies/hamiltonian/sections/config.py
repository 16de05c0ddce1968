from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class Sections(Study):
    """Surfaces of section q_1 = 0, p_1 > 0 of H = |p|^2/2 + U(q) by methods of equal cost, each with its step.

    orbits, count: number of orbits per energy, from two lines of the section, and of crossings per orbit; curve: (H,
    q_2, p_2) of a point on an invariant curve; curve_count: number of its crossings; exponent_time: integration time of
    the Lyapunov exponents by the first method, which classify the orbits.

    crossings: total number; cost: force evaluations per unit of time, cost_ratio: largest divided by smallest;
    residual: largest |q_1| of a crossing, residual/linear that of linear interpolation; energy_error: over all
    crossings; width: of the curve, relative to its radius; energy_growth, loss: growth and final value of
    |H - H_0|/H_0 on the curve.
    """

    tables = {
        "crossings": "method energy orbit q2 p2",
        "orbits": "energy orbit exponent",
        "curve": "method t q2 p2 energy_error",
    }
    summary = "crossings cost_ratio {cost,energy_error,residual,energy_growth,loss,width}/<method> residual/linear"
    problem: Entry
    energies: list[float]
    runs: list[Run]
    orbits: int
    count: int
    curve: list[float]
    curve_count: int
    exponent_time: float
