"""What the study `expansion_maps` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import DATASETS, Claim, Entry, Study
from geoflow.learning.settings import NetworkSpec, Training


@dataclass
class ExpansionMaps(Study):
    """The largest singular value of the Jacobian on a plane of inputs.

    points: in each direction; margin: how far the grid reaches beyond the unit square of the plane.
    """

    tables: ClassVar[Mapping[str, str]] = {"maps": "network u v expansion chosen", "corners": "u v label"}
    summary: ClassVar[str] = """
        largest/<network> median/<network> share_above_one/<network> bound/<network>
        clean/<network> least_clean
    """
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    standing: ClassVar[tuple[Claim, ...]] = (
        Claim(
            name="expands_nowhere",
            text="no Jacobian above 1 of the non-expansive network is found in the plane",
            quantity="largest/non_expansive",
            below=1.000001,
        ),
    )
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    points: int
    margin: float
    seed: int
