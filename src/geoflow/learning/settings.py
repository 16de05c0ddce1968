"""Networks, their training and the attacks on them as plain values: what `config.py` files and training share.

Importing this module costs nothing: the Snakefile does.
"""

from dataclasses import dataclass, field
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.study import Entry

PRECISIONS = ("float32", "bfloat16")
PARTS = ("apgd-ce", "apgd-t", "fab-t", "square")  # of AutoAttack


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
    """Adam on shuffled batches; the rate rises over `warm_up` of the steps to `learning_rate` and falls along a cosine.

    averaging: decay per step of the mean of the weights that is used in the end (PolyakJuditsky1992 with exponential
    weights), 0 for the last weights; shift: pixels by which images are moved at random in each direction; watch: eps of
    the certified accuracy on validation images that is reported after each epoch, 0 for none; precision: of the
    products of matrices in training, float32 or bfloat16. With the latter (8 bits of mantissa) the weights, the sums of
    their gradients and the loss remain in float32 (Micikevicius2018); certificates and attacks are not concerned.
    """

    epochs: int
    batch: int = 100
    learning_rate: float = 0.003
    warm_up: float = 0.2
    averaging: float = 0.0
    shift: int = 0
    watch: float = 0.0
    precision: str = "float32"

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or not self.learning_rate > 0:
            raise InputError(f"training: expected epochs, batch >= 1 and learning_rate > 0, got {self}.")
        if not (0 <= self.averaging < 1 and self.shift >= 0 and self.watch >= 0):
            raise InputError(f"training: expected 0 <= averaging < 1, shift >= 0 and watch >= 0, got {self}.")
        if self.precision not in PRECISIONS:
            raise InputError(f"training: expected a precision among {', '.join(PRECISIONS)}, got {self.precision!r}.")


@dataclass
class Attack:
    """l2-PGD: `restarts` runs of `steps` steps for each objective, at each eps."""

    steps: int = 40
    restarts: int = 2
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy", "margin"])


@dataclass
class AutoAttack:
    """images: the first ones of the test images, 0 for all; certified: how many of those that are certified, and so
    cannot be flipped, it tries all the same; eps: at which radii (empty: all); queries: of the Square attack on each
    image (5000 is the standard); parts: of the ensemble.
    """

    images: int = 0
    certified: int = 100
    eps: list[float] = field(default_factory=list)
    queries: int = 5000
    parts: list[str] = field(default_factory=lambda: list(PARTS))
