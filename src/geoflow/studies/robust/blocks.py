"""Networks of equal blocks, as values of the studies that train them on points that they draw."""

from geoflow.ground.study import Entry, Study, Values


class Blocks(Values):
    """label: its name in tables and figures; layers: of one block, names with parameters; depth: blocks."""

    label: str
    layers: list[Entry]
    depth: int


class BlocksStudy(Study):
    """points: to learn from; batch: of one of the `training_steps`."""

    networks: list[Blocks]
    points: int
    training_steps: int
    batch: int
    learning_rate: float
