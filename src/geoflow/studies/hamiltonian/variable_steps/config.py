from geoflow.ground.study import Study


class VariableSteps(Study):
    """Kepler orbits with equally many steps per period, `fixed` methods beside `variable` ones that carry a clock.

    steps_per_period, periods: of each run; samples_per_period: kept states. error: of the energy, relative.

    energy_error: the largest at any step; growth: of the last tenth over the first; exponent: k of error ~ t^k; slope:
    the drift per period by least squares; gain: the error of the first fixed method over that of a variable one.
    """

    tables = {"errors": "eccentricity method t error"}
    summary = """
        {energy_error,growth,exponent,slope}/<fixed|variable>/<eccentricity> gain/<variable>/<eccentricity>
        steps_per_period periods
    """
    eccentricities: list[float]
    steps_per_period: int
    periods: int
    samples_per_period: int
    fixed: list[str]
    variable: list[str]
