"""Learning: data sets, losses, the one training loop, attacks, and the studies made of them.

`DATASETS` and `LOSSES` are light (no torch); the rest loads with its module.
"""

from geoflow.learning.datasets import DATASETS
from geoflow.learning.losses import LOSSES

__all__ = ["DATASETS", "LOSSES"]
