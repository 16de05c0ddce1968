"""The convolutional networks of figure 9, their loss, their images and their attack are those of the notebook."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy, multi_margin_loss

from geoflow.ground import made
from geoflow.learning.attacks import Attack
from geoflow.learning.losses import LOSSES
from geoflow.learning.together import draw_as_torch
from geoflow.learning.trials import stream
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.pipeline.compose import compose

WEIGHTS = {"resnet": 8618, "non_expansive": 6282}


def network(label: str) -> Network:
    chosen = {one["label"]: one for one in compose("course_robustness", "paper").values["networks"]}[label]
    found = build(made(ARCHITECTURES, chosen["architecture"]), (1, 28, 28), stream(0, 0))
    draw_as_torch(found, stream(0, 1))
    return found


@pytest.mark.parametrize("label", WEIGHTS)
def test_a_convolutional_network_has_the_published_number_of_weights_and_their_sizes(label: str) -> None:
    one = network(label)
    assert sum(w.numel() for w in one.parameters()) == WEIGHTS[label]
    largest = [
        max(float(w.detach().abs().max()) for w in layer.parameters()) for layer in (one.chain()[2], one.chain()[-1])
    ]
    assert largest == pytest.approx([72**-0.5, 392**-0.5], rel=0.02)


def test_the_schedule_has_the_published_number_of_steps() -> None:
    training = compose("course_robustness", "paper").values["training"]
    assert training["schedule"]["total_steps"] == training["epochs"] * -(-30_000 // training["batch"]) == 1770


def test_the_loss_is_that_of_torch() -> None:
    logits = torch.randn(50, 10, generator=stream(0, 0))
    labels = torch.randint(10, (50,), generator=stream(1, 0))
    assert torch.allclose(LOSSES["multi_margin"]()(logits, labels), multi_margin_loss(logits, labels))


def test_the_bound_of_the_non_expansive_network_is_that_of_its_first_and_last_layer() -> None:
    exact = copy_for_evaluation(network("non_expansive"))
    bounds = [layer.lipschitz_bound() for layer in exact.chain()]
    assert bounds[1:-1] == [1.0] * 6
    assert exact.lipschitz_bound() == pytest.approx(bounds[0] * bounds[-1])


def test_the_attack_ends_where_a_direct_one_ends() -> None:
    one = network("resnet").double().eval().requires_grad_(False)
    x, y = torch.rand(4, 1, 28, 28, generator=stream(0, 0)).double(), torch.arange(4)
    eps, delta = 0.5, torch.zeros(4, 1, 28, 28, dtype=torch.float64)
    for _ in range(20):
        delta.requires_grad_()
        cross_entropy(one((x + delta).clip(0, 1)), y).backward()
        moved = delta.detach() + 0.125 * eps * delta.grad / delta.grad.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        delta = moved * (eps / moved.flatten(1).norm(dim=1).view(-1, 1, 1, 1)).clip(max=1)
    found = Attack(steps=20, restarts=1, last=True)(one, x, y, eps, stream(0, 0))
    assert np.allclose(found, (x + delta).clip(0, 1), atol=1e-12)
    assert float((found - x).flatten(1).norm(dim=1).max()) <= eps + 1e-12
