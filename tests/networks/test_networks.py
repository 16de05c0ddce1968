"""Architectures, their end-to-end bounds, and the certificates that rest on them."""

import subprocess
import sys

import pytest
import torch

from geoflow.ground.errors import GeoflowError, InputError
from geoflow.layers import LAYERS
from geoflow.networks import ARCHITECTURES
from geoflow.networks.certificates import (
    broken,
    certified_radii,
    check_bound,
    check_certificates,
    margin_radii,
    margins,
    pairwise_radii,
)
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.networks.network import Network, build, copy_for_evaluation


def made(name: str, seed: int = 0, **parameters) -> Network:
    specifications = ARCHITECTURES[name](classes=4, **parameters)
    return copy_for_evaluation(build(specifications, (1, 4, 4), torch.Generator().manual_seed(seed)))


def images(number: int = 40, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(number, 1, 4, 4, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_the_rows_of_a_summary_give_the_weights_and_the_bound_of_the_network(name: str) -> None:
    network = made(name).train()
    table = network.summary()
    assert list(table["output"])[:-1] == list(table["input"])[1:]
    assert table["weights"].sum() == sum(weight.numel() for weight in network.parameters())
    assert table["lipschitz_bound"].prod() == pytest.approx(copy_for_evaluation(network).lipschitz_bound())
    assert set(table["layer"]) <= set(LAYERS) and network.training


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_no_network_exceeds_its_end_to_end_bound(name: str, scale: float) -> None:
    chained = [{"layer": "normalise", "scale": scale}, {"layer": "convolutional_flow", "time": 1.0, "power_steps": 1}]
    network = made(name, layers=chained) if name == "chain" else made(name, scale=scale)
    generator = torch.Generator().manual_seed(2)
    assert largest_jacobian_norm(network, images(), generator) <= network.lipschitz_bound()


@pytest.mark.parametrize("first", ["dense", "orthogonal"])
@pytest.mark.parametrize("width", [12, 20])
@pytest.mark.parametrize("name", ["non_expansive", "sdp_residual"])
def test_a_first_layer_of_norm_one_leads_to_any_width(name: str, width: int, first: str) -> None:
    """Below the 16 dimensions of the images and above."""
    network = made(name, first=first, width=width)
    assert [layer.dimension for layer in network.chain()[1:3]] == [16, width]
    generator = torch.Generator().manual_seed(3)
    found = largest_jacobian_norm(network, images(), generator)
    assert found <= network.lipschitz_bound() <= 1 + 1e-8


@pytest.mark.parametrize("name", ["non_expansive", "sdp_residual", "convolutional"])
@pytest.mark.parametrize("last", ["dense", "orthogonal"])
def test_these_networks_are_1_lipschitz_by_construction(name: str, last: str) -> None:
    assert made(name, last=last).lipschitz_bound() <= 1 + 1e-8


def test_shuffled_pixels_make_a_smaller_image_of_more_channels() -> None:
    network = made("convolutional", shuffles=1, channels=6, layer="convolutional_sdp", orthogonal=True)
    assert [layer.dimension_out for layer in network.chain()[:3]] == [16, 16, 24]
    kernel = network.layers[3].A.weight.detach()
    assert kernel.shape == (6, 6, 3, 3)
    centre = kernel[:, :, 1, 1]
    assert torch.allclose(centre @ centre.T, torch.eye(6, dtype=centre.dtype), atol=1e-6)
    assert kernel.square().sum() == pytest.approx(6)
    assert network.layers[3].T.max() < 1 + 1e-5
    assert network.lipschitz_bound() <= 1 + 1e-8


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("convolutional", {"orthogonal": True}, "convolutional_flow has no parameter 'orthogonal'"),
        ("non_expansive", {"first": "max_min"}, "max_min has no parameter 'out'"),
        ("sdp_residual", {"last": "pool"}, "pool has no parameter 'out'"),
    ],
)
def test_a_layer_that_does_not_take_what_its_network_says_is_refused(name, given, said) -> None:
    with pytest.raises(InputError, match=said):
        made(name, **given)


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_a_network_of_zeros_has_a_bound_and_learns(name: str) -> None:
    network = build(ARCHITECTURES[name](classes=4), (1, 4, 4), torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    exact, x, labels = copy_for_evaluation(network), images(), torch.arange(40) % 4
    assert 0 < exact.lipschitz_bound() < float("inf")
    assert not certified_radii(exact, x, labels).isnan().any()
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(3):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(x.float()), labels).backward()
        optimiser.step()
    assert all(parameter.isfinite().all() for parameter in network.parameters())


@pytest.mark.parametrize(("depth", "width"), [(1, 16), (3, 32), (40, 16)])
def test_the_bound_of_a_non_expansive_network_is_one_at_every_depth_and_width(depth: int, width: int) -> None:
    assert made("non_expansive", depth=depth, width=width).lipschitz_bound() <= 1 + 1e-8
    assert made("resnet", depth=depth, width=width).lipschitz_bound() > 2**depth


def test_an_expansive_layer_too_many_shows_in_the_product() -> None:
    layers = [{"layer": "scaled_flow", "constant": constant} for constant in (1.25, 0.8, 1.25)]
    assert made("chain", layers=layers, cap=1).lipschitz_bound() == pytest.approx(1.25)


def test_errors_of_the_evaluation_are_subtracted_from_the_radius() -> None:
    explicit, implicit = made("non_expansive"), made("non_expansive", scheme="implicit_midpoint", scale=0.25)
    x = images()
    (_, rounding), (_, with_residuals) = explicit.bounds(4.0), implicit.bounds(4.0)
    assert 0 < rounding < 1e-11 < with_residuals < 1e-7
    logits = implicit(x)
    labels = logits.argmax(dim=1)
    body = implicit.body_bound()
    assert body == pytest.approx(4, rel=1e-6)
    pairwise = pairwise_radii(logits, labels, implicit.last_weight(), body)
    subtracted = pairwise - certified_radii(implicit, x, labels)
    reach = float(x.flatten(1).norm(dim=1).max() + pairwise.max().detach())
    features = Network(implicit.chain()[:-1]).bounds(reach)[1]
    assert subtracted.max().item() == pytest.approx(2 * features / body, rel=1e-2)


def test_a_radius_is_the_gap_over_what_the_layers_before_can_expand() -> None:
    """Logits (0.6, 0, 0) of a linear map: exact radii by hand."""
    network = copy_for_evaluation(
        build([{"layer": "dense", "out": out, "cap": None} for out in (2, 3)], 2, torch.Generator())
    )
    with torch.no_grad():
        network.layers[0].W.copy_(3 * torch.eye(2))
        network.layers[1].W.copy_(torch.tensor([[0.2, 0.0], [0.0, 0.1], [0.0, 0.0]]))
    x, labels = torch.tensor([[1.0, 0.0]] * 2, dtype=torch.float64), torch.tensor([0, 1])
    right, wrong = certified_radii(network, x, labels).tolist()
    assert right == pytest.approx(0.6 / (3 * 0.05**0.5), rel=1e-6)
    assert wrong < 0
    claimed = certified_radii(network, x, labels, claimed=1.0)
    assert claimed[0].item() == pytest.approx(3 * right, rel=1e-6)


def test_a_bound_may_be_reached_and_a_flip_on_the_edge_of_a_certificate_breaks_it() -> None:
    check_bound(1.0, 1.0, "reached")
    with pytest.raises(GeoflowError, match="found above the bound 1"):
        check_bound(1 + 1e-8, 1.0, "beyond rounding")
    edge, none = torch.tensor([0.5, 0.0]), torch.tensor([0.5, 0.0])
    assert broken(edge, none).tolist() == [True, False]  # the second image was never certified


def test_the_bound_counts_normalisation_and_last_layer() -> None:
    for scale in (1.0, 0.25):
        network = made("non_expansive", scale=scale)
        with torch.no_grad():
            network.layers[-1].W.mul_(5)  # as long as the cap, and longer
        assert copy_for_evaluation(network).lipschitz_bound() == pytest.approx(1 / scale, rel=1e-8)


def test_leaving_the_last_layer_out_of_the_bound_is_caught() -> None:
    network = made("resnet", depth=0)
    with torch.no_grad():
        network.layers[-1].W.mul_(5)
    found = largest_jacobian_norm(network, images(), torch.Generator().manual_seed(0))
    check_bound(found, network.lipschitz_bound(), "sound")
    with pytest.raises(GeoflowError, match="above the bound"):
        check_bound(found, network.body_bound(), "without its last layer")


def test_equal_seeds_build_equal_networks_and_others_do_not() -> None:
    x = images()
    assert torch.equal(made("resnet")(x), made("resnet")(x))
    assert not torch.equal(made("resnet")(x), made("resnet", seed=1)(x))


def test_an_architecture_is_light_data() -> None:
    code = "import sys, geoflow.networks, geoflow.learning; print('torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_margins_by_hand() -> None:
    logits = torch.tensor([[3.0, 1.0, 2.5], [0.0, 1.0, 4.0]])
    assert margins(logits, torch.tensor([0, 1])).tolist() == [0.5, -3.0]


def test_radii_of_a_linear_classifier_are_exact_distances_to_the_decision_boundary() -> None:
    """f_0 - f_1 = 2 x_1, so x = (0.3, 0) is 0.3 from the boundary."""
    weight = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    logits, labels = torch.tensor([[0.3, 0.0]]) @ weight.T, torch.tensor([0])
    assert float(pairwise_radii(logits, labels, weight, body=1.0)) == pytest.approx(0.3)
    lipschitz = float(torch.linalg.matrix_norm(weight, ord=2))
    assert float(margin_radii(logits, labels, lipschitz)) == pytest.approx(0.3)


def test_no_random_perturbation_within_the_radius_changes_the_class() -> None:
    network, x = made("non_expansive", depth=3), images()
    labels = network(x).argmax(dim=1)
    radii = certified_radii(network, x, labels)
    assert (radii > 0).all()
    generator = torch.Generator().manual_seed(5)
    for _ in range(100):
        d = torch.randn(x.shape, generator=generator, dtype=torch.float64)
        d *= (radii / d.flatten(1).norm(dim=1)).view(-1, 1, 1, 1)
        assert torch.equal(network(x + d).argmax(dim=1), labels)


def test_a_wrong_class_gets_no_radius() -> None:
    network, x = made("non_expansive"), images()
    wrong = (network(x).argmax(dim=1) + 1) % 4
    assert (certified_radii(network, x, wrong) <= 0).all()


def test_a_certificate_needs_a_copy_for_evaluation_and_float64() -> None:
    network, x = made("non_expansive"), images()
    with pytest.raises(InputError, match="copy_for_evaluation"):
        certified_radii(network, x.float(), torch.zeros(len(x), dtype=torch.int64))
    with pytest.raises(InputError, match="copy_for_evaluation"):
        certified_radii(network.train(), x, torch.zeros(len(x), dtype=torch.int64))


def test_a_flip_within_a_certificate_fails_with_a_sentence() -> None:
    radii, none = torch.tensor([0.2, 0.5]), torch.tensor([float("inf"), 0.6])
    check_certificates(radii, none, "sound")
    with pytest.raises(GeoflowError, match=r"image 1 is certified within 0\.5"):
        check_certificates(radii, torch.tensor([0.3, 0.4]), "broken")


def test_layers_of_different_shapes_do_not_follow_each_other() -> None:
    """Of equal numbers, too: an image of 2 x 8 pixels is none of 4 x 4."""
    first, second = (LAYERS["activate"](shape) for shape in ((1, 2, 8), (1, 4, 4)))
    with pytest.raises(InputError, match=r"\(1, 4, 4\) cannot follow one with output shape \(1, 2, 8\)"):
        Network([first, second])


def test_a_width_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="at least the 16"):
        made("resnet", width=5)
