"""Studies of trained networks and their certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from geoflow.stages.schema.base import ARCHITECTURES, DATASETS, LOSSES, METHODS, Study


@dataclass
class Network:
    """label: its name in tables, figures and summary keys; architecture and loss: names with parameters;
    training: what differs for it from the training of the study.
    """

    named: ClassVar[Mapping[str, str]] = {"architecture": ARCHITECTURES, "loss": LOSSES}
    label: str
    architecture: dict[str, Any]
    loss: dict[str, Any]
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


@dataclass
class Robustness(Study):
    """Accuracy of trained networks against eps: clean (eps = 0), attacked, certified.

    seeds: one training each; device: cpu, cuda or auto; printed: published attacked accuracies in
    percent, one for each eps, by network; auto_attack: the cross-check of our own attack; kept: labels
    of the networks whose weights, rounded to float16, are part of the results for the first seed.
    """

    function: ClassVar[str] = "geoflow.learning.robustness:robustness"
    tables: ClassVar[tuple[str, ...]] = ("accuracy", "training", "lipschitz", "weights")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    training: Training
    attack: Attack
    eps: list[float]
    seeds: list[int]
    device: str = "cpu"
    printed: dict[str, list[float]] = field(default_factory=dict)
    auto_attack: AutoAttack | None = None
    kept: list[str] = field(default_factory=list)


@dataclass
class StepSize(Study):
    """Gradient-flow networks with h = c 2 r / ||A||^2 for each c of `relative_steps`.

    sweeps: power iterations from which a step is set, for a random matrix of `size` rows.
    """

    function: ClassVar[str] = "geoflow.learning.step_size:step_size"
    tables: ClassVar[tuple[str, ...]] = ("networks", "accuracy", "training", "power_iteration")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    network: Network
    training: Training
    attack: Attack
    eps: list[float]
    relative_steps: list[float]
    sweeps: list[int]
    size: int
    seeds: list[int]


@dataclass
class Budget:
    """One l2-PGD of the audit; relative_step: length of the whole path in units of eps."""

    label: str
    steps: int
    restarts: int = 1
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy"])
    relative_step: float = 2.5


@dataclass
class Audit(Study):
    """The first `images` test images under attacks of growing budget, beside what is certified.

    control: a network whose last layer is free, certified as if it were not; attacks: from weak to strong;
    foolbox: its l2-PGD too (an optional package).
    """

    function: ClassVar[str] = "geoflow.learning.audit:audit"
    tables: ClassVar[tuple[str, ...]] = ("budgets", "networks")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    control: Network
    training: Training
    attacks: list[Budget]
    auto_attack: AutoAttack
    eps: list[float]
    images: int
    seed: int
    foolbox: bool = False
    device: str = "cpu"


@dataclass
class Schemes(Study):
    """The scheme as architecture, each at its own radius, with equal parameters and stages.

    stages: evaluations a layer; implicit_step: of implicit schemes, in units of explicit Euler's; mistaken:
    scheme -> the one whose radius it is given (negative controls).
    """

    function: ClassVar[str] = "geoflow.learning.schemes:schemes"
    tables: ClassVar[tuple[str, ...]] = ("schemes", "networks", "accuracy")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS, "schemes": METHODS}
    dataset: dict[str, Any]
    network: Network
    schemes: list[str]
    stages: int
    implicit_step: float
    mistaken: dict[str, str]
    training: Training
    attack: Attack
    eps: list[float]
    seeds: list[int]
    device: str = "cpu"
    auto_attack: AutoAttack | None = None


@dataclass
class Strips(Study):
    """Images under attack at growing eps, and the share that is still right.

    shown: how many images, one a class, are kept with their pixels; images: the first test images.
    """

    function: ClassVar[str] = "geoflow.learning.strips:strips"
    tables: ClassVar[tuple[str, ...]] = ("pixels", "outcomes")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    training: Training
    attack: Attack
    eps: list[float]
    shown: int
    images: int
    seed: int
    device: str = "cpu"


STUDIES: dict[str, type[Study]] = {
    "robustness": Robustness,
    "step_size": StepSize,
    "audit": Audit,
    "schemes": Schemes,
    "strips": Strips,
}
