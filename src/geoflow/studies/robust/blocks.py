"""Networks of equal blocks, as values of the studies that train them on points that they draw."""

from dataclasses import field

from geoflow.ground.study import Entry, Study, Values


class Blocks(Values):
    """label: its name in tables and figures; layers: of one block, names with parameters; depth: blocks."""

    label: str
    layers: list[Entry]
    depth: int


class BlocksStudy(Study):
    """points: to learn from; batch: of one of the `training_steps`; schedule: see `fit`, empty for a cosine;
    torch_weights: initial weights as torch draws them, N(0, 1) in Hamiltonian layers, as MurariCode2025 has them;
    precision: of training.
    """

    networks: list[Blocks]
    points: int
    training_steps: int
    batch: int
    learning_rate: float
    schedule: Entry = field(default_factory=dict, kw_only=True)
    weight_decay: float = field(default=0.0, kw_only=True)
    torch_weights: bool = field(default=False, kw_only=True)
    precision: str = field(default="float32", kw_only=True)
