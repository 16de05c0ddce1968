from geoflow.ground.study import LAYERS, NAMED, Study


class Bounds(Study):
    """The bound of every layer compared with the largest Jacobian norm found by search, and norms of convolutions.

    layers: names, an empty list stands for all; sizes: standard deviations of the random weights; kernels: [channels,
    kernel, pixels] of each random convolution.

    torus: bound of its norm on the padded torus; found: ||A x|| of a unit vector from power iteration on the
    zero-padded convolution, which cannot exceed the norm; reshaped: spectral norm of the kernel as a matrix, which is
    not a bound; excess: largest found / bound over all layers, tightness: that of one layer; largest_bound: over the
    layers that are non-expansive by construction; torus_slack, torus_excess: largest torus / found and found / torus;
    reshaped_excess: largest found / reshaped, which exceeds 1. The norms per number of pixels are those of the first
    seed and kernel.
    """

    tables = {
        "layers": "layer size seed non_expansive bound found",
        "convolutions": "channels kernel pixels seed torus found reshaped",
    }
    summary = """
        layers excess largest_bound tightness/<layer> torus_excess torus_slack reshaped_excess torus/<pixels>
        found/<pixels> reshaped/<pixels>
    """
    named = {**NAMED, "layers": LAYERS}
    layers: list[str]
    dimension: int
    sizes: list[float]
    kernels: list[list[int]]
    seeds: list[int]
