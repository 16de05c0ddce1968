from geoflow.ground.study import Entry, Study


class Orbits(Study):
    """Long runs of Kepler's problem: orbits, and how the errors of invariants and position grow.

    h: step size; steps: number of steps; segments: about so many places, equally spaced in log t, at which the errors
    are kept; shown: steps drawn at both ends. Errors are the largest over all steps of the segment that ends at t,
    relative for the invariants; at samples for the position; perihelion: its angle at t.

    Keys of an error: the largest; exponent: see `growth.exponent`, where the error is small for long enough;
    energy_growth: by tenths of log t; energy_slope: per unit of time, by least squares over the last half of the time;
    precession: radian a period.
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
