from dataclasses import dataclass

from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import NetworkSpec, Training


@dataclass
class DepthWidth(Study):
    """Networks at every depth and width, certified at `eps` with the 95 % interval [low, high].

    Over the seeds: means of clean and certified, the largest bound and found; gain: the certified accuracy of the
    deepest and widest over the shallowest and narrowest.
    """

    tables = {"networks": "network depth width seed parameters clean certified low high bound found"}
    summary = """
        clean/<network>/<depth>x<width> certified/<network>/<depth>x<width> bound/<network>/<depth>x<width>
        found/<network>/<depth>x<width> gain/<network> largest_bound/<network> largest_found/<network>
    """
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    depths: list[int]
    widths: list[int]
    eps: float
    seeds: list[int]
