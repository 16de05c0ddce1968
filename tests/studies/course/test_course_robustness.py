"""The convolutional networks of figure 9, their loss, their images and their attack are those of the notebook."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy, multi_margin_loss

from asking import study_of
from geoflow.ground import made
from geoflow.layers.flow import ImageFlow
from geoflow.learning.attacks import Attack
from geoflow.learning.losses import LOSSES
from geoflow.learning.together import draw_as_torch
from geoflow.learning.training import schedule_of
from geoflow.learning.trials import stream
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.pipeline.compose import compose

WEIGHTS = {"resnet": 8618, "non_expansive": 6282}


def network(label: str) -> Network:
    experiment = "course_resnet" if label == "resnet" else "course_non_expansive"
    chosen = {one["label"]: one for one in compose(experiment, "paper").values["networks"]}[label]
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


def test_the_schedule_has_the_published_rates_and_cycles_the_momentum() -> None:
    training = compose("course_resnet", "paper").values["training"]
    assert training["schedule"]["total_steps"] == training["epochs"] * -(-30_000 // training["batch"]) == 1770
    optimiser = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=training["learning_rate"])
    schedule = schedule_of(optimiser, training["schedule"])
    (group,), rates, momenta = optimiser.param_groups, [], []
    for _ in range(1770):
        rates.append(group["lr"])
        momenta.append(group["betas"][0])
        optimiser.step()
        schedule.step()
    assert (rates[0], max(rates), rates[-1]) == pytest.approx((1e-4, 1e-2, 1e-8), rel=1e-9)
    assert (momenta[0], min(momenta), momenta[-1]) == pytest.approx((0.95, 0.85, 0.95), abs=1e-12)
    assert rates.index(max(rates)) == momenta.index(min(momenta)) == 884  # half of the steps


def test_the_loss_is_that_of_torch() -> None:
    logits = torch.randn(50, 10, generator=stream(0, 0))
    labels = torch.randint(10, (50,), generator=stream(1, 0))
    assert torch.allclose(LOSSES["multi_margin"]()(logits, labels), multi_margin_loss(logits, labels))


def test_steps_on_images_are_the_steps_on_flat_states_and_have_their_gradients() -> None:
    for layer in (network("non_expansive").chain()[3], network("resnet").chain()[3]):
        assert isinstance(layer, ImageFlow)
        with torch.no_grad():
            layer.A.weight.mul_(5)
        layer.double().eval()
        x = torch.randn(3, layer.dimension, generator=stream(0, 0), dtype=torch.float64)
        flat = super(ImageFlow, layer).forward(x)
        assert torch.allclose(layer(x), flat, rtol=0, atol=1e-12)
        weights = list(layer.parameters())
        pairs = zip(*(torch.autograd.grad(y.cos().sum(), weights) for y in (layer(x), flat)), strict=True)
        assert all(torch.allclose(one, other, atol=1e-10) for one, other in pairs)


def test_the_twin_is_within_a_bound_of_one_and_has_the_weights_of_the_other() -> None:
    exact = copy_for_evaluation(network("bounded"))
    assert sum(w.numel() for w in exact.parameters()) == 6282
    assert exact.lipschitz_bound() <= 1 + 1e-9


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


def test_the_last_iterate_is_judged_beside_the_published_number() -> None:
    """On digits, with two steps: its interval contains the accuracy, and only a network with printed numbers has it."""
    blocks = [{"layer": "pool", "kind": "max"}, {"layer": "convolutional_flow", "time": 0.25}]
    small = {"architecture": {"name": "chain", "layers": blocks}, "loss": {"name": "multi_margin"}}
    last = {"steps": 2, "restarts": 1, "objectives": ["cross_entropy"], "last": True}
    found = study_of("robust/robustness")(
        dataset={"name": "digits", "train": 200, "validation": 50, "test": 50},
        networks=[{"label": "one", **small}, {"label": "other", **small}],
        training={"epochs": 1, "batch": 50, "clip": 1.0, "torch_weights": True},
        attack={"steps": 2, "restarts": 1}, last_iterate=last, printed={"one": [90, 10.5]}, eps=[0, 0.5], seeds=[0],
    )  # fmt: skip
    table = found.tables["accuracy"].query("kind == 'last_iterate'")
    assert list(table["network"]) == ["one", "one"] and list(table["printed"]) == [0.9, 0.105]
    for eps, low, share, high in table[["eps", "low", "accuracy", "high"]].itertuples(index=False):
        assert found.summary[f"median_last_iterate/one/{eps:g}"] == share
        ends = [found.summary[f"{end}_last_iterate/one/{eps:g}"] for end in ("least", "most")]
        assert ends == [low, high] and low <= share <= high
