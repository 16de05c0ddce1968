"""What the study `schemes` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Claim, Entry, Study
from geoflow.learning.settings import Attack, AutoAttack, NetworkSpec, Training


@dataclass
class Schemes(Study):
    """The scheme as architecture, each at its own radius, with equal parameters and stages.

    stages: evaluations a layer; implicit_step: of implicit schemes, in units of explicit Euler's; mistaken:
    scheme -> the one whose radius it is given (negative controls).
    """

    tables = {
        "schemes": "scheme stages radius substeps time parameters",
        "networks": "scheme seed clean bound found pgd_missed",
        "accuracy": "scheme seed eps kind correct images accuracy low high",
    }
    summary = """
        clean/<scheme> spread/clean/<scheme> bound/<scheme> found/<scheme>
        clean/<negative_control> spread/clean/<negative_control> bound/<negative_control>
        found/<negative_control> attacked/<scheme>/<eps> spread/attacked/<scheme>/<eps>
        certified/<scheme>/<eps> spread/certified/<scheme>/<eps>
        attacked/<negative_control>/<eps> spread/attacked/<negative_control>/<eps>
        certified/<negative_control>/<eps> spread/certified/<negative_control>/<eps>
        largest_bound largest_found certified_gap range/<eps> parameters_differ
        cross_checked/<scheme>/<eps> spread/cross_checked/<scheme>/<eps>
        cross_checked/<negative_control>/<eps> spread/cross_checked/<negative_control>/<eps>
    """
    standing = (
        Claim(
            "bounded", "every scheme at its own radius has an end-to-end bound of 1", "largest_bound", below=1.000001
        ),
        Claim("found_within_bound", "no Jacobian above 1 is found in any of them", "largest_found", below=1.000001),
        Claim("sound", "certified accuracy never exceeds attacked accuracy", "certified_gap", above=-1e-12),
        Claim("equal_parameters", "all have the same number of parameters", "parameters_differ", below=0.5),
        Claim(
            "wrong_radius",
            ("negative control: the 3/8 rule with the radius of the classical RK4 has a bound far above 1"),
            "bound/rk4_38_as_rk4",
            above=1.5,
        ),
    )
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
