"""What the study `descent` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import OPTIMISERS, Entry, Study


@dataclass
class Descent(Study):
    """Error against gradient evaluations; stages: of the stabilised Runge-Kutta method."""

    tables = {
        "errors": "potential optimiser evaluations error",
        "rates": "potential optimiser kappa rate theory error",
    }
    summary = """
        rate/<potential>/<optimiser> theory/<potential>/<optimiser> error/<potential>/<optimiser> kappa/<potential>
        heavy_ball_gap
    """
    named = {"optimisers": OPTIMISERS}
    potentials: list[Entry]
    optimisers: list[str]
    stages: int
    evaluations: int
    distance: float
    seed: int
