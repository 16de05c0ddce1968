"""Networks, their training and the attacks on them as plain values: what `config.py` files and training share.

Importing this module costs nothing: the Snakefile does.
"""

from dataclasses import dataclass, field
from typing import Any

from geoflow.ground.study import Entry


@dataclass
class NetworkSpec:
    """label: its name in tables, figures and summary keys; architecture and loss: names with parameters;
    training: what differs for it from the training of the study.
    """

    label: str
    architecture: Entry
    loss: Entry
    training: dict[str, Any] = field(default_factory=dict)


@dataclass
class Training:
    """Adam; the rate rises over `warm_up` of the steps to `learning_rate` and falls along a cosine.

    averaging: decay of the mean of the weights (0: none); shift: pixels by which images are moved at random;
    watch: eps of the certified accuracy on validation images that is reported after each epoch;
    precision: of the products of matrices in training, float32 or bfloat16. Certificates and attacks
    are not concerned: they are computed in float64 and float32.
    """

    epochs: int
    batch: int = 100
    learning_rate: float = 0.003
    warm_up: float = 0.2
    averaging: float = 0.0
    shift: int = 0
    watch: float = 0.0
    precision: str = "float32"


@dataclass
class Attack:
    """l2-PGD: `restarts` runs of `steps` steps for each objective, at each eps."""

    steps: int = 40
    restarts: int = 2
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy", "margin"])


@dataclass
class AutoAttack:
    """images: the first ones of the test images, 0 for all; certified: how many certified images it tries;
    eps: at which radii (empty: all); queries: of the Square attack; parts: of the ensemble.
    """

    images: int = 0
    certified: int = 100
    eps: list[float] = field(default_factory=list)
    queries: int = 5000
    parts: list[str] = field(default_factory=lambda: ["apgd-ce", "apgd-t", "fab-t", "square"])
