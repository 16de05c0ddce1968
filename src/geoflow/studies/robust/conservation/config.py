"""What the study `conservation` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study
from geoflow.studies.robust.blocks import Blocks


@dataclass
class Conservation(Study):
    """The time-1 map of an epidemic, learnt from `points` pairs and iterated to `time`."""

    tables = {
        "runs": "network seed t component value mass_error",
        "constants": "network seed error mass_error",
    }
    summary = "error/<network> mass_error/<network> iterated_mass/<network>"
    networks: list[Blocks]
    points: int
    training_steps: int
    batch: int
    learning_rate: float
    time: int
    seeds: list[int]
