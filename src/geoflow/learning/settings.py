"""Settings of networks, training and attacks as plain values, for the `config.py` files and the training code.

This module imports no large library, because the Snakefile reads it.
"""

from dataclasses import dataclass, field
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.study import Entry

PRECISIONS = ("float32", "bfloat16")
PARTS = ("apgd-ce", "apgd-t", "fab-t", "square")  # the attacks of AutoAttack


@dataclass
class NetworkSpec:
    """label: name in tables, figures and summary keys; architecture, loss: names with parameters;
    training: settings that differ from the training of the study.
    """

    label: str
    architecture: Entry
    loss: Entry
    training: dict[str, Any] = field(default_factory=dict)


@dataclass
class Training:
    """Adam on shuffled batches; the rate rises over `warm_up` of the steps to `learning_rate` and falls along a cosine.

    schedule: see `fit`, in place of that; weight_decay: of Adam; clip: largest norm of the gradient, 0 for no limit;
    torch_weights: initial weights as torch draws them; certify_eps: radius of the certified accuracy on validation
    images that is reported after each epoch, 0 for none; precision: of the matrix products in training, float32 or
    bfloat16. With the latter (8 bits of mantissa) the weights, the accumulated gradients and the loss remain in float32
    (Micikevicius2018); certificates and attacks are not affected.
    """

    epochs: int
    batch: int = 100
    learning_rate: float = 0.003
    warm_up: float = 0.2
    certify_eps: float = 0.0
    precision: str = "float32"
    schedule: Entry = field(default_factory=dict)
    weight_decay: float = 0.0
    clip: float = 0.0
    torch_weights: bool = False

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or not self.learning_rate > 0:
            raise InputError(f"training: expected epochs, batch >= 1 and learning_rate > 0, got {self}.")
        if not min(self.weight_decay, self.certify_eps, self.clip) >= 0:
            raise InputError(f"training: expected weight_decay, certify_eps, clip >= 0, got {self}.")
        if self.precision not in PRECISIONS:
            raise InputError(f"training: expected a precision among {', '.join(PRECISIONS)}, got {self.precision!r}.")


@dataclass
class Attack:
    """l2-PGD with `restarts` runs of `steps` steps per objective and eps; last: instead the attack `last_iterate`."""

    steps: int = 40
    restarts: int = 2
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy", "margin"])
    last: bool = False


@dataclass
class AutoAttack:
    """images: number of test images, 0 for all; certified: number of certified images, which cannot change their class,
    that are attacked as a check; eps: radii (empty: all); queries: number of queries of the Square attack per image
    (5000 is the standard); parts: attacks of the ensemble.
    """

    images: int = 0
    certified: int = 100
    eps: list[float] = field(default_factory=list)
    queries: int = 5000
    parts: list[str] = field(default_factory=lambda: list(PARTS))
