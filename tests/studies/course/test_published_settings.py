"""The course's networks and data, to the constants that its notebooks have."""

import re

import numpy as np
import pytest
import torch

from asking import study_of
from geoflow.learning.trials import stream
from geoflow.networks.network import build
from geoflow.pipeline.compose import compose
from geoflow.studies.robust.conservation.study import shares
from geoflow.studies.robust.learned_flow.study import rotated
from geoflow.studies.robust.vanishing.study import discs, spirals

# As many weights as the notebooks' networks have.
WEIGHTS = {
    ("learned_flow", "resnet"): (2, 55),
    ("learned_flow", "symplectic"): (2, 25),
    ("mass_preserving_course", "mass_preserving"): (3, 35544),
    ("vanishing_gradients", "mlp"): (4, 480),
    ("vanishing_gradients", "mlp_2"): (4, 80),
    ("vanishing_gradients", "resnet"): (4, 480),
    ("vanishing_gradients", "symplectic"): (4, 144),
    ("point_separation", "resnet"): (3, 315),
}


@pytest.mark.parametrize(("experiment", "label"), WEIGHTS)
def test_a_network_has_the_published_number_of_weights(experiment: str, label: str) -> None:
    """The last layer of four weights and a bias is not counted."""
    networks = {one["label"]: one for one in compose(experiment).values["networks"]}
    dimension, expected = WEIGHTS[experiment, label]
    layers = networks[label]["layers"] * networks[label]["depth"]
    network = build(layers, dimension, stream(0, 0))
    assert sum(w.numel() for w in network.parameters()) == expected


def test_the_schedules_have_the_published_number_of_steps() -> None:
    steps = {"learned_flow": 300 * 29, "mass_preserving_course": 150 * 29, "vanishing_gradients": 3200}
    for name, expected in steps.items():
        assert compose(name).values["training_steps"] == expected
    assert compose("vanishing_gradients").values["schedule"]["total_steps"] == 3200
    assert compose("vanishing_gradients", "smoke").values["schedule"]["total_steps"] == 32


def test_spirals_lie_on_both_spirals_and_are_halved() -> None:
    (x, y), (u, v) = spirals(400, 2.0, stream(3, 1))
    points, labels = torch.cat([x, u]), torch.cat([y, v])
    assert len(x) == len(u) == 400 and int(labels.sum()) == 400
    radius = points.norm(dim=1)
    assert float(radius[labels == 1].max()) == pytest.approx(1.0)
    assert float(radius[labels == 0].min()) == pytest.approx(0.2)
    share = torch.where(labels == 1, radius, radius - 0.2)  # k / (m - 1); the angle is 4 pi k / m
    angle = 4 * np.pi * share * 399 / 400
    unit = torch.stack([angle.cos(), angle.sin()], dim=1)
    assert torch.allclose(points, radius[:, None] * unit, atol=1e-5)


def test_discs_part_at_half_the_radius_and_half_as_many_are_tested() -> None:
    (x, y), (u, v) = discs(300, 0.0, stream(0, 1))
    assert (len(x), len(u)) == (300, 150)
    for points, labels in ((x, y), (u, v)):
        assert bool(((points.norm(dim=1) > 0.5) == (labels == 1)).all())


def test_the_oscillator_of_the_pictures_has_another_frequency() -> None:
    x = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    q, p = rotated(x, 0.3, 2.0)[0]
    assert (float(q), float(p)) == pytest.approx((np.cos(0.6), -2 * np.sin(0.6)))


def test_shares_of_a_cube_are_not_uniform_on_the_triangle() -> None:
    cube, uniform = (shares(4000, stream(0, 1), cube) for cube in (True, False))
    assert torch.allclose(cube.sum(dim=1), torch.ones(4000, dtype=torch.float64))
    assert float(cube.max()) < float(uniform.max())
    assert float(cube.var()) < 0.7 * float(uniform.var())


def test_one_logit_late_threshold_and_several_seeds() -> None:
    """Untrained networks: a threshold of 0.5 on the logit is another classifier than one of 0."""
    networks = [{"label": "symplectic", "layers": [{"layer": "hamiltonian", "hidden": 2, "h": 0.1}], "depth": 3}]
    schedule = {"name": "OneCycleLR", "max_lr": 0.05, "total_steps": 8, "pct_start": 0.4, "div_factor": 50}
    said = study_of("robust/vanishing")(
        networks, 40, 8, 10, 0.001, schedule=schedule, torch_weights=True, records=2,
        seeds=[0, 1], smoothness=1e-5, probes=1,
    )  # fmt: skip
    accuracy = said.tables["accuracy"]
    assert accuracy["seed"].tolist() == [0, 1]
    assert said.summary["least_smallest/symplectic"] >= 1 - 1e-9
    low, high = (said.summary[f"{end}_late/symplectic"] for end in ("least", "most"))
    assert low <= said.summary["median_late/symplectic"] <= high
    assert set(said.tables["plane"]["network"]) == {"symplectic"}


def test_every_question_names_an_experiment_and_its_claims(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs/coursework.md").read_text()
    rows = re.findall(r"^\| \d \| `(\w+)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert len(rows) == 6
    for experiment, *cells in rows:
        claims = {claim["name"] for claim in compose(experiment).claims}
        for cell in cells:
            named = re.findall(r"`(\w+)`", cell)
            assert named and set(named) <= claims, experiment
