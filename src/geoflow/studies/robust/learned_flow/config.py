"""What the study `learned_flow` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study
from geoflow.studies.robust.blocks import Blocks


@dataclass
class LearnedFlow(Study):
    """One step of the harmonic oscillator, learnt from pairs and iterated.

    h: of the step; radius: of the disc with the `points` pairs; time: of the run.
    """

    tables = {
        "runs": "t q p energy network seed",
        "constants": "network seed parameters test_error area",
    }
    summary = """
        lowest/<network> highest/<network> drift/<network> trend/<network> least_trend/<network> test_error/<network>
        area/<network> parameters/<network>
    """
    networks: list[Blocks]
    h: float
    radius: float
    points: int
    training_steps: int
    batch: int
    learning_rate: float
    time: float
    seeds: list[int]
