from geoflow.ground.study import Study


class VariableSteps(Study):
    """Kepler orbits with equal numbers of steps per period, by `fixed` methods and `variable` ones with a clock.

    steps_per_period, periods: numbers of steps per period and of periods; samples_per_period: number of stored states.

    error: relative error of the energy; energy_error: largest over all steps; growth: last tenth divided by the first;
    exponent: k in error ~ t^k; slope: drift per period by least squares; gain: error of the first fixed method divided
    by that of a variable one.
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
