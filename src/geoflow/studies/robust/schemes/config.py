from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, AutoAttack, NetworkSpec, Training


class Schemes(Study):
    """Schemes as architectures, each at its own radius, with equal numbers of parameters and stages.

    stages: number of evaluations per layer; implicit_step: step size of implicit schemes, in units of that of explicit
    Euler; mistaken: scheme -> the one whose radius it is given (negative controls).

    time: substeps h |A|^2; accuracy (table): as in `robustness`. Keys are means over the seeds, with their sample
    standard deviation as spread; bound, found: maxima; largest_bound, largest_found, certified_gap: over all schemes
    except the controls; range: best minus worst mean certified accuracy; parameters_differ: maximum minus minimum.
    """

    tables = {
        "schemes": "scheme stages radius substeps time parameters",
        "networks": "scheme seed clean bound found pgd_missed",
        "accuracy": "scheme seed eps kind correct images accuracy low high",
    }
    summary = """
        {clean,bound,found,spread/clean}/<scheme|control> largest_bound largest_found certified_gap parameters_differ
        {,spread/}{attacked,certified,cross_checked}/<scheme|control>/<eps> range/<eps>
    """
    standing = """
        bounded: largest_bound < 1.000001: every scheme at its own radius has an end-to-end bound of 1
        found_within_bound: largest_found < 1.000001: no Jacobian above 1 is found in any of them
        sound: certified_gap > -1e-12: certified accuracy never exceeds attacked accuracy
        equal_parameters: parameters_differ < 0.5: all have the same number of parameters
        wrong_radius: bound/rk4_38_as_rk4 > 1.5: negative control: the 3/8 rule with the radius of the classical RK4 has
            a bound far above 1
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
