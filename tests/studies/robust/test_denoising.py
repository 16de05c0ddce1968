"""Plug-and-play reconstruction, tiny: an averaged denoiser converges, a free one need not."""

import pytest
import torch

from asking import study_of
from geoflow.ground.answer import Answer
from geoflow.ground.errors import InputError
from geoflow.learning.datasets import load
from geoflow.networks.architectures import DENOISERS
from geoflow.networks.network import build, copy_for_evaluation
from geoflow.studies import find_studies
from geoflow.studies.robust.denoising.study import made_task

DENOISING = {
    "dataset": {"name": "digits", "train": 300, "test": 20},
    "denoisers": [
        {"label": "averaged", "denoiser": {"name": "averaged", "depth": 2}},
        {"label": "residual", "denoiser": {"name": "residual", "depth": 2}},
    ],
    "tasks": ["inpainting", "deblurring"],
    "noise": 0.05,
    "data_noise": 0.05,
    "training_steps": 200,
    "batch": 20,
    "learning_rate": 0.003,
    "images": 6,
    "iterations": 150,
    "shown": 1,
    "seeds": [0],
}

denoising = study_of("robust/denoising")


@pytest.fixture(scope="module")
def denoised() -> Answer:
    return denoising(**DENOISING)


def test_the_averaged_denoiser_lets_the_residuals_fall(denoised: Answer) -> None:
    assert set(denoised.tables) == set(find_studies()["robust/denoising"].tables)
    summary = denoised.summary
    assert summary["averagedness/averaged"] <= 1e-12
    assert summary["lipschitz_found/averaged"] <= 1 + 1e-9
    for task in DENOISING["tasks"]:
        assert summary[f"growth/averaged/{task}"] <= 1 + 1e-9
        assert summary[f"residual/averaged/{task}"] < 0.1
    assert summary["gain/averaged/inpainting"] > 1


def test_the_free_denoiser_is_not_averaged_and_its_residuals_grow(denoised: Answer) -> None:
    summary = denoised.summary
    assert summary["lipschitz_found/residual"] > 1
    assert summary["averagedness/residual"] > 0
    assert max(summary[f"growth/residual/{task}"] for task in DENOISING["tasks"]) > 1


@pytest.mark.parametrize("task", ["inpainting", "deblurring"])
def test_operators_have_norm_at_most_one_and_the_adjoint_that_they_say(task: str) -> None:
    data = load(DENOISING["dataset"])
    clean = torch.tensor(data.test.images).double().flatten(1)
    one = made_task(task, data, clean, 0.05, 0)
    x, y = torch.randn(2, *clean.shape, generator=torch.Generator().manual_seed(0)).double()
    assert (one.forward(x).norm(dim=1) <= x.norm(dim=1)).all()
    inner = (one.forward(x) * y).sum(), (x * one.adjoint(y)).sum()
    assert float(inner[0]) == pytest.approx(float(inner[1]))


@pytest.mark.parametrize("channels", [None, 3])
def test_averaged_denoisers_are_averaged_for_any_weights(channels: int | None) -> None:
    """|Dx - Dy|^2 + |(I - D)x - (I - D)y|^2 / depth <= |x - y|^2."""
    generator = torch.Generator().manual_seed(0)
    layers = DENOISERS["averaged"]((1, 4, 4), depth=3, channels=channels)
    D = build(layers, (1, 4, 4), generator).double()
    with torch.no_grad():
        for parameter in D.parameters():
            parameter.copy_(3 * torch.randn(parameter.shape, generator=generator))
    D = copy_for_evaluation(D).requires_grad_(False)
    x, y = torch.randn(2, 200, 16, generator=generator, dtype=torch.float64)
    left = (D(x) - D(y)).square().sum(1) + ((x - D(x)) - (y - D(y))).square().sum(1) / 3
    assert (left <= (x - y).square().sum(1) * (1 + 1e-9)).all()


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(InputError, match="inpainting, deblurring"):
        denoising(**{**DENOISING, "tasks": ["tomography"]})
