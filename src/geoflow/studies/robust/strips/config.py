from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, NetworkSpec, Training


@dataclass
class Strips(Study):
    """Attack examples at increasing eps, and the fraction of images whose class is still correct.

    shown: number of images, one per class, that are stored with their pixels; images: number of test images.

    kind: attacked, or noise of the same length; right, noise: fraction of images whose class is still correct.
    """

    tables = {
        "pixels": "network eps image row column value change",
        "outcomes": "image network eps kind label predicted size",
    }
    summary = "right/<network>/<eps> noise/<network>/<eps>"
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    attack: Attack
    eps: list[float]
    shown: int
    images: int
    seed: int
    device: str = "cpu"
