"""Networks of equal blocks, as values of the studies."""

from dataclasses import dataclass

from geoflow.ground.study import Entry


@dataclass
class Blocks:
    """label: its name in tables and figures; layers: of one block, names with parameters; depth: blocks."""

    label: str
    layers: list[Entry]
    depth: int
