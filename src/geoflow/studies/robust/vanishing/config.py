from dataclasses import field

from geoflow.studies.robust.blocks import BlocksStudy


class Vanishing(BlocksStudy):
    """Two classes of points in the plane, and Jacobians of the last block with respect to earlier ones in training.

    data: spirals (of `turns`, at the same angles, radii [0, 1] and [0.2, 1.2]) or discs (radii up to 0.5, and from 0.5
    to 1); places: where the two coordinates stand in a state of `dimension` numbers; logits: 1, or 0 for no
    last layer: the last number is the logit; smoothness:
    weight of half the squared differences of the weights of consecutive blocks; records: moments during training, and
    one before, at which the norms are taken: smallest and (geometric) mean over `probes` test points.

    accuracy: logit > 0; late: logit >= 0.5, a threshold on the logit in place of the probability; smallest, peak: of
    the norms, over blocks, points and times; start, end: mean norm of the first block then. Keys: over the seeds.
    """

    tables = {
        "jacobians": "network seed step block smallest mean",
        "accuracy": "network seed accuracy late smallest peak start end loss",
        "plane": "network u v logit",
        "points": "u v label",
    }
    summary = "{least,median,most}_{accuracy,late,smallest,peak,start,end,loss}/<network>"
    records: int
    seeds: list[int]
    data: str = "spirals"
    turns: float = 2.0
    dimension: int = 4
    places: list[int] = field(default_factory=lambda: [0, 3])
    logits: int = 1
    smoothness: float = 0.0
    probes: int = 16
