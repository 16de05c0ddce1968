from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, NetworkSpec, Training


@dataclass
class Strips(Study):
    """Images under attack at growing eps, and the share that is still right.

    shown: how many images, one a class, are kept with their pixels; images: the first test images; kind: attacked, or
    noise of the same length. right, noise: the share of images whose class is still right; largest_excess: of a
    perturbation over its eps.
    """

    tables = {
        "pixels": "network eps image row column value change",
        "outcomes": "image network eps kind label predicted size",
    }
    summary = "right/<network>/<eps> noise/<network>/<eps> largest_excess"
    standing = """
        within: largest_excess < 1e-09: no perturbation is longer than its eps
    """
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    attack: Attack
    eps: list[float]
    shown: int
    images: int
    seed: int
    device: str = "cpu"
