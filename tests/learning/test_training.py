"""The loop learns, repeats itself bit for bit, and goes on after a kill as if nothing had happened."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from geoflow.errors import InputError, SolveError
from geoflow.learning.checkpoints import Checkpoint
from geoflow.learning.datasets import load
from geoflow.learning.losses import LOSSES
from geoflow.learning.training import Plan, accuracy, choose_device, train
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import Network, build

DATA = load({"name": "digits", "train": 300})
PLAN = Plan(epochs=4, batch=50, learning_rate=0.01)


def started(name: str = "non_expansive", seed: int = 0) -> tuple[Network, torch.Generator]:
    generator = torch.Generator().manual_seed(seed)
    return build(ARCHITECTURES[name](depth=2), 64, generator), generator


def finished(**given) -> tuple[Network, pd.DataFrame]:
    network, generator = started()
    loss = LOSSES["offset_cross_entropy"](offset=0.3, temperature=0.1)
    return network, train(network, DATA, loss, PLAN, generator, **given)


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


def test_a_killed_training_goes_on_with_the_same_result(tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    def killer(epochs, label):
        for epoch in epochs:
            if epoch == 2:
                raise KilledError
            yield epoch

    checkpoint = Checkpoint(tmp_path / "state.pt")
    with pytest.raises(KilledError):
        finished(checkpoint=checkpoint, progress=killer)
    resumed, history = finished(checkpoint=checkpoint)
    straight, expected = finished()
    assert equal(resumed, straight)
    pd.testing.assert_frame_equal(history, expected, check_exact=True)


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
        Plan(epochs=0)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="no GPU"):
            choose_device("cuda")
        assert choose_device("auto").type == "cpu"
