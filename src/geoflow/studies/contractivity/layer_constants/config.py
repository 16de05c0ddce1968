"""What the study `layer_constants` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import METHODS, Study


@dataclass
class LayerConstants(Study):
    """Lipschitz constant of a gradient-flow layer with h = c 2 r / ||A||^2, for each c of `relative_steps`."""

    tables = {"constants": "method relative_step sampled searched proved bound status"}
    summary = """
        sampled/<scheme>/<relative_step> searched/<scheme>/<relative_step> proved/<scheme>/<relative_step>
        bound/<scheme>/<relative_step> disorder above_one failures
    """
    named = {"schemes": METHODS}
    schemes: list[str]
    relative_steps: list[float]
    dimension: int
    hidden: int
    points: int
    restarts: int
    iterations: int
    seed: int
