"""What the study `bounds` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import LAYERS, Study


@dataclass
class Bounds(Study):
    """The bound of every layer of the table beside the largest Jacobian found, and norms of convolutions.

    layers: all where the list is empty; sizes: standard deviations of the random weights; kernels:
    [channels, kernel, pixels] of each random convolution.
    """

    tables = {
        "layers": "layer size seed non_expansive bound found",
        "convolutions": "channels kernel pixels seed torus found reshaped",
    }
    summary = """
        layers excess largest_bound tightness/<layer> torus_excess torus_slack reshaped_excess torus/<pixels>
        found/<pixels> reshaped/<pixels>
    """
    named = {"layers": LAYERS}
    layers: list[str]
    dimension: int
    sizes: list[float]
    kernels: list[list[int]]
    seeds: list[int]
