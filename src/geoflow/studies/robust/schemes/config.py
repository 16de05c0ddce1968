from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, AutoAttack, NetworkSpec, Training


class Schemes(Study):
    """Schemes as architectures, each at its own radius, with equal numbers of parameters and stages.

    stages: number of evaluations per layer; implicit_step: step size of implicit schemes, in units of that of explicit
    Euler; mistaken: scheme -> the one whose radius it is given (negative controls).

    time: substeps h |A|^2; accuracy (table): as in `robustness`. Keys are means over the seeds, with their sample
    standard deviation as spread; bound, found: maxima; largest_bound: over all schemes except the controls; range: best
    minus worst mean certified accuracy.
    """

    tables = {
        "schemes": "scheme stages radius substeps time parameters",
        "networks": "scheme seed clean bound found pgd_missed",
        "accuracy": "scheme seed eps kind correct images accuracy low high",
    }
    summary = """
        {clean,bound,found,spread/clean}/<scheme|control> largest_bound
        {,spread/}{attacked,certified,cross_checked}/<scheme|control>/<eps> range/<eps>
    """
    dataset: Entry
    network: NetworkSpec
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
