from geoflow.ground.study import Entry, Study


class Resonances(Study):
    """Errors of energy and adiabatic invariant against h omega.

    largest: the largest h omega, in units of pi; points: how many, equidistant; near: and at these distances from
    each multiple of pi; reference, reference_points: the method of the fine runs, and at how many frequencies.
    energy, oscillatory: the largest errors of H and I over `time` at one step h, relative to H_0 and I_0, NaN after an
    overflow.

    typical: the median over h omega from 1 to `largest` pi; peak: the largest within 0.3 of k pi over the typical one;
    stable: the largest h omega below which no run overflows; ratio: the median of the method's error of I over that of
    the fine runs, beyond h omega = 1.
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
