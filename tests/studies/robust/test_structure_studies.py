"""Depth limit and expansion maps, tiny: the claims hold and the controls fail."""

import numpy as np
import pytest
import torch

from asking import study_of
from geoflow.ground.answer import Answer
from geoflow.ground.errors import GeoflowError
from geoflow.networks import network as network_module
from geoflow.studies import find_studies
from geoflow.studies.robust.depth_limit.study import WeightFunctions
from geoflow.studies.robust.learned_flow.study import rotated, square

MOONS = {"name": "two_moons", "train": 100, "test": 60}
TRAINING = {"epochs": 15, "batch": 25, "learning_rate": 0.02}
OFFSET = {"name": "offset_cross_entropy", "offset": 0.06, "temperature": 0.01}
SHAPE = {"width": 16, "classes": 2}
NETWORKS = [
    {"label": "resnet", "architecture": {"name": "resnet", **SHAPE}, "loss": {"name": "cross_entropy"}},
    {"label": "non_expansive", "architecture": {"name": "non_expansive", **SHAPE}, "loss": OFFSET},
]

conservation = study_of("robust/conservation")
depth_limit = study_of("robust/depth_limit")
expansion_maps = study_of("robust/expansion_maps")
learned_flow = study_of("robust/learned_flow")
vanishing = study_of("robust/vanishing")


@pytest.fixture(scope="module")
def limit() -> Answer:
    return depth_limit(["explicit_euler", "heun_2", "rk4"], [16, 32, 64, 128], 6, 2, 4, 30, 0.03, 0.05, 40, 0.1, 0)


@pytest.fixture(scope="module")
def maps() -> Answer:
    return expansion_maps(MOONS, NETWORKS, TRAINING, 15, 0.0, 0)


def test_outputs_converge_with_depth_at_the_order_of_the_scheme(limit: Answer) -> None:
    assert set(limit.tables) == set(find_studies()["robust/depth_limit"].tables)
    assert limit.summary["largest_gap"] < 0.2


def test_weights_that_are_frozen_or_no_function_lose_the_order(limit: Answer) -> None:
    assert limit.summary["slope/rk4_frozen"] < 1.3
    assert limit.summary["slope/rk4_noise"] < 0.8


def test_the_running_cost_is_the_integral_of_the_squared_weights() -> None:
    functions = WeightFunctions(3, 4, torch.Generator().manual_seed(0))
    times, shares = np.polynomial.legendre.leggauss(12)
    squares = [sum(float(part.detach().square().sum()) for part in functions.at((t + 1) / 2)) for t in times]
    assert float(functions.running_cost().detach()) == pytest.approx(sum(shares * squares) / 2)


def test_a_non_expansive_network_expands_nowhere_and_a_resnet_does(maps: Answer) -> None:
    assert set(maps.tables) == set(find_studies()["robust/expansion_maps"].tables)
    assert maps.summary["largest/non_expansive"] <= 1 + 1e-9
    assert maps.summary["share_above_one/non_expansive"] == 0
    assert maps.summary["largest/resnet"] > 2
    assert maps.summary["clean/non_expansive"] > 0.8


def test_images_are_mapped_on_the_plane_through_three_of_them() -> None:
    digits = {"name": "digits", "train": 200, "test": 50}
    small = {"epochs": 3, "batch": 50, "learning_rate": 0.01}
    one = [{**NETWORKS[1], "architecture": {"name": "non_expansive", "depth": 1}}]
    study = expansion_maps(digits, one, small, 5, 0.25, 0)
    corners = study.tables["corners"]
    assert sorted(corners["label"]) == [0, 1, 2]
    assert set(zip(corners["u"], corners["v"], strict=True)) == {(0, 0), (1, 0), (0, 1)}


def test_a_network_that_lies_about_its_bound_stops_the_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module.Network, "lipschitz_bound", lambda self: 1.0)
    with pytest.raises(GeoflowError, match="above the bound"):
        expansion_maps(MOONS, NETWORKS[:1], TRAINING, 15, 0.0, 0)


@pytest.fixture(scope="module")
def learnt() -> Answer:
    resnet = {"layer": "residual", "hidden": 8, "activation": "tanh", "h": 0.03}
    symplectic = {"layer": "hamiltonian", "hidden": 8, "activation": "tanh", "h": 0.03}
    networks = [
        {"label": "resnet", "layers": [resnet], "depth": 2},
        {"label": "symplectic", "layers": [symplectic], "depth": 2},
    ]
    return learned_flow(networks, 100, 300, 50, 0.02, h=0.1, half=1.5, time=20.0, seeds=[0])


def test_a_learnt_symplectic_step_keeps_areas_and_a_resnet_does_not(learnt: Answer) -> None:
    assert set(learnt.tables) == set(find_studies()["robust/learned_flow"].tables)
    assert learnt.summary["most_area/symplectic"] < 1e-12
    assert learnt.summary["most_area/resnet"] > 1e-4
    assert learnt.summary["most_test_error/symplectic"] < 0.1


def test_the_data_are_the_exact_flow() -> None:
    x = square(50, 1.5, torch.Generator().manual_seed(0))
    assert 1.4 < float(x.abs().max()) <= 1.5
    there = rotated(rotated(x, 0.4), -0.4)
    assert torch.allclose(there, x, atol=1e-6)
    assert torch.allclose(rotated(x, np.pi / 2), torch.stack([x[:, 1], -x[:, 0]], 1), atol=1e-6)


def test_no_gradient_vanishes_in_a_symplectic_network_and_in_a_perceptron_they_do() -> None:
    dense = {"layer": "dense", "cap": None}
    perceptron = [{**dense, "out": 8}, {"layer": "activate"}, {**dense, "out": 4}]
    networks = [
        {"label": "mlp", "layers": perceptron, "depth": 12},
        {"label": "symplectic", "layers": [{"layer": "hamiltonian", "h": 0.5}], "depth": 12},
    ]
    study = vanishing(networks, 60, 20, 20, 0.02, records=2, seeds=[0])
    assert set(study.tables) == set(find_studies()["robust/vanishing"].tables)
    assert study.summary["least_smallest/symplectic"] >= 1 - 1e-9
    assert study.summary["least_smallest/mlp"] < 0.1
    table = study.tables["jacobians"]
    assert len(table) == 2 * 12 * 3  # networks, blocks, moments


def test_a_mass_preserving_network_keeps_the_sum_and_a_resnet_does_not() -> None:
    conservative = [{"layer": "lift", "out": 4}, {"layer": "conservative"}]
    networks = [
        {"label": "resnet", "layers": [{"layer": "residual", "h": 0.1}], "depth": 2},
        {"label": "kept", "layers": [*conservative, {"layer": "collect", "out": 3}], "depth": 1},
    ]
    study = conservation(networks, 50, 30, 20, 0.01, time=5, seeds=[0])
    assert set(study.tables) == set(find_studies()["robust/conservation"].tables)
    assert study.summary["most_mass_error/kept"] < 1e-13
    assert study.summary["most_iterated_mass/kept"] < 1e-12
    assert study.summary["most_mass_error/resnet"] > 1e-4
