from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import NetworkSpec, Training


class Arithmetic(Study):
    """Certificates of a network that runs in an arithmetic of lower precision.

    arithmetics: float64, float32, float16 or bfloat16; margins: points on the segments between test images of
    different classes have these margins in float64, before they are rounded to the arithmetic; eps: radii at which
    certified images are counted.

    All rounded points of positive margin have a certificate in float64. broken: share of those with a margin between
    one of `margins` and the next whose class is another one in this arithmetic; error: largest distance of their
    logits from those in float64, and bound: what `Network.bounds` states for it. certified: share of the images with
    a larger radius that takes this arithmetic into account. Keys are maxima over the seeds; ratio: bound / error;
    least certified share.
    """

    tables = {
        "errors": "arithmetic seed error bound",
        "broken": "arithmetic seed margin broken points",
        "accuracy": "arithmetic seed eps share",
    }
    summary = "{error,bound,ratio}/<arithmetic> broken/<arithmetic>/<margin> certified/<arithmetic>/<eps>"
    dataset: Entry
    network: NetworkSpec
    training: Training
    arithmetics: list[str]
    margins: list[float]
    eps: list[float]
    seeds: list[int]
