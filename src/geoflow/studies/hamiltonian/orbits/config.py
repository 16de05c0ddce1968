from geoflow.ground.study import Entry, Study


class Orbits(Study):
    """Long runs of Kepler's problem: orbits, and the growth of the errors of invariants and position.

    h: step size; steps: number of steps; segments: approximate number of times, equally spaced in log t, at which the
    errors are stored; shown: number of steps drawn at both ends.

    Errors are the largest over all steps of the segment that ends at t (over samples for the position), relative for
    the invariants; perihelion: its angle at t. Keys: the largest error; exponent: see `growth.exponent`, if the error
    remains small long enough; energy_growth: by tenths of log t; energy_slope: per unit of time, by least squares over
    the last half of the time; precession: in radians per period.
    """

    tables = {
        "orbits": "method part t q1 q2",
        "errors": "method t energy_error angular_momentum_error position_error perihelion",
    }
    summary = """
        {energy,angular_momentum,position}_{error,exponent}/<method> {energy_growth,energy_slope,precession}/<method>
        steps time h methods
    """
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    segments: int
    shown: int
