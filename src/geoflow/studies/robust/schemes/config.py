"""What the study `schemes` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import DATASETS, METHODS, Claim, Entry, Study
from geoflow.learning.settings import Attack, AutoAttack, NetworkSpec, Training


@dataclass
class Schemes(Study):
    """The scheme as architecture, each at its own radius, with equal parameters and stages.

    stages: evaluations a layer; implicit_step: of implicit schemes, in units of explicit Euler's; mistaken:
    scheme -> the one whose radius it is given (negative controls).
    """

    tables: ClassVar[Mapping[str, str]] = {
        "schemes": "scheme stages radius substeps time parameters",
        "networks": "scheme seed clean bound found pgd_missed",
        "accuracy": "scheme seed eps kind correct images accuracy low high",
    }
    summary: ClassVar[str] = """
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
    named: ClassVar[Mapping[str, str]] = {"dataset": DATASETS, "schemes": METHODS}
    standing: ClassVar[tuple[Claim, ...]] = (
        Claim(
            name="bounded",
            text="every scheme at its own radius has an end-to-end bound of 1",
            quantity="largest_bound",
            below=1.000001,
        ),
        Claim(
            name="found_within_bound",
            text="no Jacobian above 1 is found in any of them",
            quantity="largest_found",
            below=1.000001,
        ),
        Claim(
            name="sound",
            text="certified accuracy never exceeds attacked accuracy",
            quantity="certified_gap",
            above=-1e-12,
        ),
        Claim(
            name="equal_parameters",
            text="all have the same number of parameters",
            quantity="parameters_differ",
            below=0.5,
        ),
        Claim(
            name="wrong_radius",
            text=("negative control: the 3/8 rule with the radius of the classical RK4 has a bound far above 1"),
            quantity="bound/rk4_38_as_rk4",
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
