from geoflow.ground.study import Study


class TimeTransformation(Study):
    """Kepler orbits of several eccentricities with equal steps in a time s, dt/ds = |q|^power; power = 0 is t itself.

    evaluations: of the force per period, about equally many for all methods and powers; periods: number of periods.

    error: largest distance from the exact position at the same time during the last period, in semi-axes; energy:
    largest relative error of the energy over all steps; gain: error at power 0 divided by that at the power;
    clock_error: largest distance of the clock from the time at which a run should end, in periods.
    """

    tables = {"errors": "method power eccentricity error energy evaluations"}
    summary = """
        {error,energy,gain}/<methods>/<powers>/<eccentricities> clock_error evaluations periods
    """
    methods: list[str]
    powers: list[float]
    eccentricities: list[float]
    evaluations: int
    periods: int
