from geoflow.ground.study import Entry, Study


class Descent(Study):
    """|x - x*| / |x_0 - x*| against gradient evaluations, from a point at `distance` from the minimiser.

    stages: number of stages of the stabilised Runge-Kutta method. rate: fitted factor per evaluation; error: final
    error; kappa: L / mu; heavy_ball_gap: largest difference of heavy ball and conformal Euler, in units of `distance`.
    """

    tables = {"errors": "potential optimiser evaluations error", "rates": "potential optimiser kappa rate theory error"}
    summary = "{rate,theory,error}/<potential>/<optimiser> kappa/<potential> heavy_ball_gap"
    potentials: list[Entry]
    optimisers: list[str]
    stages: int
    evaluations: int
    distance: float
    seed: int
