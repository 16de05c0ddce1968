from geoflow.ground.study import Entry, Study


class Resonances(Study):
    """Errors of energy and adiabatic invariant as functions of h omega.

    largest: largest h omega, in units of pi; points: number of equidistant values; near: distances from each multiple
    of pi at which there are further values; reference, reference_points: method of the fine runs, and their number.

    energy, oscillatory: largest errors of H and I over `time`, relative to H_0 and I_0, NaN after an overflow;
    typical: median over h omega from 1 to `largest` pi; peak: maximum within 0.3 of k pi divided by the typical error;
    stable: largest h omega below which no run overflows; ratio: median of the error of I divided by that of the fine
    runs, for h omega > 1.
    """

    tables = {"deviations": "method h_omega energy oscillatory", "fine": "h_omega energy oscillatory"}
    summary = """
        fine/energy {stable,ratio}/<method> {typical,worst}/{energy,oscillatory}/<method>
        peak/{energy,oscillatory}/<method>/<multiple>
    """
    problem: Entry
    methods: list[str]
    h: float
    time: float
    largest: float
    points: int
    near: list[float]
    reference: str
    reference_points: int
