from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import NetworkSpec, Training


class DepthWidth(Study):
    """Networks at every depth and width, certified at `eps` with the 95 % interval [low, high].

    Keys are means over the seeds for clean and certified, and maxima for bound and found; gain: certified accuracy of
    the deepest and widest network minus that of the shallowest and narrowest.
    """

    tables = {"networks": "network depth width seed parameters clean certified low high bound found"}
    summary = "{clean,certified,bound,found}/<network>/<depth>x<width> {gain,largest_bound,largest_found}/<network>"
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    depths: list[int]
    widths: list[int]
    eps: float
    seeds: list[int]
