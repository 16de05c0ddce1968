from geoflow.ground.study import LAYERS, NAMED, Study


class Bounds(Study):
    """The bound of every layer of the table beside the largest Jacobian found, and norms of convolutions.

    layers: all where the list is empty; sizes: standard deviations of the random weights; kernels:
    [channels, kernel, pixels] of each random convolution, with three norms: torus, the bound on the padded torus;
    found, ||A x|| of a unit vector found by power iteration on the zero-padded convolution itself, which cannot exceed
    its norm; reshaped, the spectral norm of the kernel as a matrix, the known wrong recipe.

    excess: the largest found / bound over all layers, tightness over one; largest_bound: of the layers which are
    non-expansive by construction; torus_slack, torus_excess: the largest torus / found and found / torus;
    reshaped_excess: the largest found / reshaped, above 1 because that is no bound. The norms by channels are those of
    the first seed and the first kernel of so many channels.
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
