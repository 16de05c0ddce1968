"""The loop learns, repeats itself bit for bit, and goes on after a kill as if nothing had happened."""

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from asking import train_from
from geoflow.ground.errors import InputError, SolveError
from geoflow.ground.sentences import sentence
from geoflow.learning.datasets import load
from geoflow.learning.losses import LOSSES
from geoflow.learning.settings import Training
from geoflow.learning.training import accuracy, choose_device, fit, train
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import Network, build

DATA = load({"name": "digits", "train": 300})
PLAN = Training(epochs=4, batch=50, learning_rate=0.01)


def started(name: str = "non_expansive", seed: int = 0) -> tuple[Network, torch.Generator]:
    generator = torch.Generator().manual_seed(seed)
    return build(ARCHITECTURES[name](depth=2), DATA.shape, generator), generator


def finished(plan: Training = PLAN, **given) -> tuple[Network, pd.DataFrame]:
    network, generator = started()
    loss = LOSSES["offset_cross_entropy"](offset=0.3, temperature=0.1)
    return network, train(network, DATA, loss, plan, generator, **given)


def equal(first: Network, second: Network) -> bool:
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_training_learns() -> None:
    network, history = finished()
    assert history["loss"].iloc[-1] < 0.5 * history["loss"].iloc[0]
    assert accuracy(network, DATA.validation) > 0.8
    assert list(history["epoch"]) == [1, 2, 3, 4]


def test_training_repeats_itself_bit_for_bit() -> None:
    (first, history), (second, again) = finished(), finished()
    assert equal(first, second)
    pd.testing.assert_frame_equal(history, again, check_exact=True)


EXTRAS = replace(PLAN, weight_decay=1e-4, clip=1.0, torch_weights=True, certify_eps=0.2)
HALF = replace(PLAN, precision="bfloat16")


@pytest.mark.parametrize("plan", [PLAN, EXTRAS, HALF], ids=["plain", "extras", "bfloat16"])
def test_a_killed_training_goes_on_with_the_same_result(tmp_path: Path, plan: Training) -> None:
    class KilledError(Exception):
        pass

    def killer(epochs, label):
        for epoch in epochs:
            if epoch == 2:
                raise KilledError
            yield epoch

    checkpoint = tmp_path / "state.npz"
    with pytest.raises(KilledError):
        finished(plan, checkpoint=checkpoint, progress=killer)
    resumed, history = finished(plan, checkpoint=checkpoint)
    straight, expected = finished(plan)
    assert equal(resumed, straight)
    pd.testing.assert_frame_equal(history, expected, check_exact=True)


def test_a_lower_precision_is_for_training_alone() -> None:
    """It changes the steps, but neither the type of a weight nor what is evaluated with them."""
    (network, history), (_, expected) = finished(HALF), finished()
    assert all(weight.dtype == torch.float32 for weight in network.parameters())
    assert network(torch.zeros(1, 1, 8, 8)).dtype == torch.float32
    assert not history.equals(expected)
    assert history["validation_accuracy"].iloc[-1] == accuracy(network, DATA.validation) > 0.8
    (_, again) = finished(HALF)
    pd.testing.assert_frame_equal(history, again, check_exact=True)


def test_what_is_watched_is_reported_with_the_time_left() -> None:
    class Bar(list):
        def say(self, text: str) -> None:
            said.append(text)

    said: list[str] = []
    _, history = finished(EXTRAS, progress=lambda epochs, label: Bar(epochs))
    assert len(said) == PLAN.epochs
    assert "certified" in said[-1] and "loss" in said[-1]
    assert history["validation_certified"].notna().all()  # from the first epoch on
    assert 0 < history["validation_certified"].iloc[-1] <= history["validation_accuracy"].iloc[-1]


def test_a_fit_is_watched_after_every_so_many_steps_from_the_first_on() -> None:
    weight, seen = torch.nn.Parameter(torch.ones(())), []
    losses = fit([weight], weight.square, 10, 0.1, every=3, callback=seen.append)
    assert seen == [3, 6, 9]
    assert len(losses) == 10


def test_tensorboard_is_asked_for_and_its_absence_is_said(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GEOFLOW_TENSORBOARD", str(tmp_path))
    if not find_spec("tensorboard"):
        with pytest.raises(ModuleNotFoundError) as missing:
            finished()
        assert sentence(missing.value) == "tensorboard is not installed; try: pip install 'geoflow-gni[tensorboard]'"
    rows = []

    class Writer:
        def __init__(self, folder: str) -> None:
            assert folder.startswith(str(tmp_path))

        def add_scalar(self, key: str, value: float, epoch: int) -> None:
            rows.append((key, epoch))

        def flush(self) -> None: ...

    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", SimpleNamespace(SummaryWriter=Writer))
    finished()
    assert ("loss", PLAN.epochs) in rows


def test_training_leaves_the_global_random_state_and_flags_alone() -> None:
    before = torch.get_rng_state()
    numbers = np.random.get_state()[1].copy()  # noqa: NPY002
    finished()
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(np.random.get_state()[1], numbers)  # noqa: NPY002
    assert not torch.are_deterministic_algorithms_enabled()


def test_a_loss_that_is_not_finite_stops_with_a_sentence() -> None:
    network, generator = started("resnet")
    with pytest.raises(SolveError, match="smaller learning_rate"):
        train(network, DATA, lambda z, y: z.sum() * float("nan"), PLAN, generator)


def test_what_cannot_be_trained_on_is_refused() -> None:
    with pytest.raises(InputError, match="device"):
        choose_device("gpu")
    with pytest.raises(InputError, match="epochs"):
        Training(epochs=0)
    with pytest.raises(InputError, match="weight_decay, certify_eps, clip >= 0"):
        Training(epochs=1, clip=-1.0)
    with pytest.raises(InputError, match="precision"):
        Training(epochs=1, precision="float8")
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="no GPU"):
            choose_device("cuda")
        assert choose_device("auto").type == "cpu"


def test_a_network_may_be_trained_otherwise_than_the_rest_of_its_study() -> None:
    loss, shape = {"name": "cross_entropy"}, {"name": "non_expansive", "depth": 1}
    choice = {"label": "a", "architecture": shape, "loss": loss, "training": {"epochs": 1}}
    _, history = train_from(choice, DATA, {"epochs": 2, "batch": 50}, seed=0)
    assert len(history) == 1
    with pytest.raises(InputError, match="did you mean 'epochs'"):
        train_from({**choice, "training": {"epoch": 1}}, DATA, {"epochs": 2}, seed=0)


@pytest.mark.parametrize("warm_up", [0.0, 0.2, 1.0])
def test_a_training_of_few_steps_has_a_rate_in_each(warm_up):
    """Also where the rise would be of no length: 4 steps and a fifth of 5."""
    _, history = finished(Training(epochs=4, batch=len(DATA.train), warm_up=warm_up))
    assert len(history) == 4 and history["loss"].notna().all()
