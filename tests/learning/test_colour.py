"""Colour images keep their channels, rows and columns through layers, training, attacks and certificates."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d

from asking import study_of, train_from
from geoflow.ground.errors import InputError
from geoflow.layers import LAYERS
from geoflow.learning.attacks import Attack
from geoflow.learning.auto_attack import AutoAttack
from geoflow.learning.datasets import DataSet, Split, load
from geoflow.learning.evaluation import evaluate
from geoflow.networks import ARCHITECTURES
from geoflow.networks.architectures import DENOISERS
from geoflow.networks.network import build, copy_for_evaluation
from geoflow.studies.robust.denoising import study as denoising_module
from geoflow.studies.robust.strips import study as strips_module

SHAPE = (3, 8, 8)
IMAGE_LAYERS = ["convolutional", "almost_orthogonal", "pool", "convolutional_flow", "convolutional_sdp"]
TRAINING = {"epochs": 1}
PGD = {"steps": 5, "restarts": 1}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def colours() -> DataSet:
    """Digits in two of three colours, so that a mixed-up channel is a mixed-up class."""
    grey = load({"name": "digits", "train": 300, "validation": 60, "test": 60})

    def tinted(split: Split) -> Split:
        tint = np.array([[1, 0, 0], [0, 1, 0.5]], np.float32)[split.labels % 2]
        return Split(split.images * tint[:, :, None, None], split.labels)

    parts = {name: tinted(getattr(grey, name)) for name in ("train", "validation", "test")}
    return replace(grey, **parts)


def test_a_data_set_knows_the_shape_of_its_images(colours: DataSet) -> None:
    assert colours.shape == SHAPE
    assert colours.dimension == 192
    assert load("digits").shape == (1, 8, 8)
    with pytest.raises(InputError, match="grey images have one channel"):
        Split(colours.train.images[:, 0], colours.train.labels)


def test_a_convolution_of_colours_is_that_of_torch() -> None:
    """Channels first, then rows, then columns: an image that is no square shows any other order."""
    layer = LAYERS["convolutional"]((3, 4, 6), hidden=5, cap=None, generator=seeded())
    images = torch.randn(2, 3, 4, 6, generator=seeded(1))
    expected = conv2d(images, layer.A.weight, layer.b, padding=1)
    assert layer.shape_out == (5, 4, 6)
    assert torch.allclose(layer(images.flatten(1)).view(expected.shape), expected, atol=1e-6)


@pytest.mark.parametrize("name", IMAGE_LAYERS)
def test_layers_of_images_move_with_the_image(name: str) -> None:
    """Two pixels down for all channels at once: the result moves as well, far from the boundary."""
    layer = LAYERS[name]((3, 12, 10), generator=seeded()).eval()
    images = torch.zeros(1, 3, 12, 10)
    images[:, :, 4:6, 4:6] = torch.rand(1, 3, 2, 2, generator=seeded(1))
    here, there = (layer(x.flatten(1)).view(1, *layer.shape_out) for x in (images, images.roll(2, dims=2)))
    pixels = 2 * layer.shape_out[1] // 12
    assert torch.allclose(here.roll(pixels, dims=2), there, atol=1e-6)


@pytest.mark.parametrize("name", ["convolutional", "chain"])
def test_networks_carry_the_shape_from_the_image_to_the_logits(name: str) -> None:
    chained = [{"layer": "normalise"}, {"layer": "convolutional", "hidden": 6}, {"layer": "activate"}]
    given = {"layers": chained} if name == "chain" else {"depth": 1, "channels": 6}
    network = build(ARCHITECTURES[name](**given), SHAPE, seeded())
    shapes = [layer.shape_out for layer in network.chain()]
    assert shapes[1] == (6, 8, 8) and shapes[-1] == (10,)
    assert network(torch.zeros(2, *SHAPE)).shape == (2, 10)
    with pytest.raises(InputError, match=r"\(3, 8, 8\), got \(8, 8, 3\)"):
        network(torch.zeros(2, 8, 8, 3))


def test_a_lift_keeps_the_colours_that_are_more_than_it_asks_for() -> None:
    network = build(ARCHITECTURES["convolutional"](shuffles=1, channels=8), SHAPE, seeded())
    assert [layer.shape_out for layer in network.chain()[1:3]] == [(12, 4, 4), (12, 4, 4)]


@pytest.mark.parametrize("name", sorted(DENOISERS))
def test_a_denoiser_gives_back_an_image_in_colour(name: str) -> None:
    network = build(DENOISERS[name](SHAPE, depth=1, channels=5), SHAPE, seeded())
    assert network.chain()[-1].shape_out == SHAPE


def test_colour_images_are_learnt_attacked_and_certified(colours: DataSet) -> None:
    choice = {
        "label": "colours",
        "architecture": {"name": "convolutional", "depth": 1, "channels": 6},
        "loss": {"name": "offset_cross_entropy", "offset": 0.3, "temperature": 0.1},
    }
    plan = {"epochs": 6, "batch": 50, "learning_rate": 0.02}
    network, history = train_from(choice, colours, plan, 0)
    assert history["validation_accuracy"].iloc[-1] > 0.6
    attacks = [Attack(steps=5, restarts=2), AutoAttack(queries=10, parts=("apgd-ce", "square"))]
    result = evaluate(network, colours.test, [0.1, 0.5], attacks, seeded(), name="colours")
    assert result.bound <= 1 + 1e-8
    assert 0 < result.certified(0.1) <= result.attacked(0.1)
    assert result.attacked(0.5) < result.attacked(0.1)
    exact = copy_for_evaluation(network)
    swapped = torch.tensor(colours.test.images[:, ::-1].copy()).double()
    right = exact(swapped).argmax(dim=1) == torch.tensor(colours.test.labels)
    assert right.double().mean() < 0.5  # the colour says half of the class


def test_studies_that_draw_pictures_refuse_colours(colours: DataSet, monkeypatch) -> None:
    for module in (strips_module, denoising_module):
        monkeypatch.setattr(module, "load", lambda *given: colours)
    with pytest.raises(InputError, match="one channel, got 3"):
        study_of("robust/strips")({}, [], TRAINING, PGD, [0.1], shown=1, images=5, seed=0)
    with pytest.raises(InputError, match="one channel, got 3"):
        study_of("robust/denoising")({}, [], ["inpainting"], 0.1, 0.1, 1, 1, 0.1, 1, 1, 1, [0])
