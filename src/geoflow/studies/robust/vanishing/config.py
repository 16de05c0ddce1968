"""What the study `vanishing` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study
from geoflow.studies.robust.blocks import Blocks


@dataclass
class Vanishing(Study):
    """Jacobians of the last block with respect to every earlier one, during training on two spirals.

    turns: of each spiral; records: moments during training.
    """

    tables = {
        "jacobians": "network step block smallest mean",
        "accuracy": "network depth accuracy loss",
    }
    summary = "smallest/<network> first/<network> accuracy/<network>"
    networks: list[Blocks]
    points: int
    turns: float
    noise: float
    training_steps: int
    records: int
    batch: int
    learning_rate: float
    seed: int
