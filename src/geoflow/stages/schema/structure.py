"""Studies of what layers and networks keep: bounds, expansion, depth, denoisers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from geoflow.stages.schema.base import DATASETS, METHODS, Study
from geoflow.stages.schema.robust import Network, Training

DENOISERS = "geoflow.networks.denoisers:DENOISERS"
LAYERS = "geoflow.layers:LAYERS"


@dataclass
class Bounds(Study):
    """The bound of every layer of the table beside the largest Jacobian found, and norms of convolutions.

    layers: all where the list is empty; sizes: standard deviations of the random weights; kernels:
    [channels, kernel, pixels] of each random convolution.
    """

    function: ClassVar[str] = "geoflow.learning.bounds:bounds"
    tables: ClassVar[tuple[str, ...]] = ("layers", "convolutions")
    named: ClassVar[Mapping[str, str]] = {"layers": LAYERS}
    layers: list[str]
    dimension: int
    sizes: list[float]
    kernels: list[list[int]]
    seeds: list[int]


@dataclass
class DepthLimit(Study):
    """Weights that are functions of time, sampled by networks of many depths.

    degree: of the weights' polynomials; hidden: rows of A; control_cost: weight of the running cost
    in training, which uses `training_depth` layers; points, noise: of the two moons.
    """

    function: ClassVar[str] = "geoflow.learning.depth_limit:depth_limit"
    tables: ClassVar[tuple[str, ...]] = ("errors", "paths")
    named: ClassVar[Mapping[str, str]] = {"methods": METHODS}
    methods: list[str]
    depths: list[int]
    hidden: int
    degree: int
    training_depth: int
    training_steps: int
    learning_rate: float
    control_cost: float
    points: int
    noise: float
    seed: int


@dataclass
class ExpansionMaps(Study):
    """The largest singular value of the Jacobian on a plane of inputs.

    points: in each direction; margin: how far the grid reaches beyond the unit square of the plane.
    """

    function: ClassVar[str] = "geoflow.learning.expansion_maps:expansion_maps"
    tables: ClassVar[tuple[str, ...]] = ("maps", "corners")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    training: Training
    points: int
    margin: float
    seed: int


@dataclass
class DepthWidth(Study):
    """Networks at every depth and width; certified at `eps`."""

    function: ClassVar[str] = "geoflow.learning.expansion_maps:depth_width"
    tables: ClassVar[tuple[str, ...]] = ("networks",)
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    networks: list[Network]
    training: Training
    depths: list[int]
    widths: list[int]
    eps: float
    seeds: list[int]


@dataclass
class Denoiser:
    """label: its name in tables, figures and summary keys; denoiser: a name with parameters."""

    named: ClassVar[Mapping[str, str]] = {"denoiser": DENOISERS}
    label: str
    denoiser: dict[str, Any]


@dataclass
class Denoising(Study):
    """Denoisers plugged into forward-backward splitting.

    tasks: inpainting, deblurring; noise: in training; data_noise: of the data; images: of the test
    set; shown: how many of them are kept as pictures.
    """

    function: ClassVar[str] = "geoflow.learning.denoising:denoising"
    tables: ClassVar[tuple[str, ...]] = ("iterations", "constants", "pictures")
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS}
    dataset: dict[str, Any]
    denoisers: list[Denoiser]
    tasks: list[str]
    noise: float
    data_noise: float
    training_steps: int
    batch: int
    learning_rate: float
    images: int
    iterations: int
    shown: int
    seeds: list[int]


@dataclass
class Blocks:
    """label: its name in tables and figures; layers: of one block, names with parameters; depth: blocks."""

    label: str
    layers: list[dict[str, Any]]
    depth: int


@dataclass
class LearnedFlow(Study):
    """One step of the harmonic oscillator, learnt from pairs and iterated.

    h: of the step; radius: of the disc with the `points` pairs; time: of the run.
    """

    function: ClassVar[str] = "geoflow.learning.learned_flow:learned_flow"
    tables: ClassVar[tuple[str, ...]] = ("runs", "constants")
    networks: list[Blocks]
    h: float
    radius: float
    points: int
    training_steps: int
    batch: int
    learning_rate: float
    time: float
    seeds: list[int]


@dataclass
class Vanishing(Study):
    """Jacobians of the last block with respect to every earlier one, during training on two spirals.

    turns: of each spiral; records: moments during training.
    """

    function: ClassVar[str] = "geoflow.learning.vanishing:vanishing"
    tables: ClassVar[tuple[str, ...]] = ("jacobians", "accuracy")
    networks: list[Blocks]
    points: int
    turns: float
    noise: float
    training_steps: int
    records: int
    batch: int
    learning_rate: float
    seed: int


@dataclass
class Conservation(Study):
    """The time-1 map of an epidemic, learnt from `points` pairs and iterated to `time`."""

    function: ClassVar[str] = "geoflow.learning.conservation:conservation"
    tables: ClassVar[tuple[str, ...]] = ("runs", "constants")
    networks: list[Blocks]
    points: int
    training_steps: int
    batch: int
    learning_rate: float
    time: int
    seeds: list[int]


STUDIES: dict[str, type[Study]] = {
    "bounds": Bounds,
    "depth_limit": DepthLimit,
    "expansion_maps": ExpansionMaps,
    "depth_width": DepthWidth,
    "denoising": Denoising,
    "learned_flow": LearnedFlow,
    "vanishing": Vanishing,
    "conservation": Conservation,
}
