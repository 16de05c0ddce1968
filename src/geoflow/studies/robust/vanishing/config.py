from dataclasses import dataclass

from geoflow.studies.robust.blocks import BlocksStudy


@dataclass
class Vanishing(BlocksStudy):
    """Jacobians of the last block with respect to every earlier one, during training on two spirals.

    turns: of each spiral; records: moments during training, and one before, at which the norms are taken: smallest and
    (geometric) mean over test points. smallest (key): over all blocks, points and times; first: the mean of the first
    block at the end.
    """

    tables = {"jacobians": "network step block smallest mean", "accuracy": "network depth accuracy loss"}
    summary = "smallest/<network> first/<network> accuracy/<network>"
    turns: float
    noise: float
    records: int
    seed: int
