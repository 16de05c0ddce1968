"""Losses against torch's own and by hand."""

import pytest
import torch
from torch.nn.functional import cross_entropy, one_hot

from geoflow.ground.errors import InputError
from geoflow.learning.losses import LOSSES

LOGITS = 3 * torch.randn(7, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
LABELS = torch.tensor([0, 1, 2, 3, 4, 0, 1])


def test_cross_entropy_is_that_of_torch() -> None:
    ours = LOSSES["cross_entropy"]()(LOGITS, LABELS)
    assert torch.allclose(ours, cross_entropy(LOGITS, LABELS))


def test_the_offset_is_taken_off_the_right_logit() -> None:
    ours = LOSSES["offset_cross_entropy"](offset=0.7, temperature=0.2)(LOGITS, LABELS)
    shifted = (LOGITS - 0.7 * one_hot(LABELS, 5)) / 0.2
    assert torch.allclose(ours, 0.2 * cross_entropy(shifted, LABELS))


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_better_margin_costs_less(name: str) -> None:
    parameters = {} if name in ("cross_entropy", "multi_margin") else {"offset": 0.5, "temperature": 0.1}
    loss = LOSSES[name](**parameters)
    better = LOGITS + 0.1 * one_hot(LABELS, 5)
    assert loss(better, LABELS) < loss(LOGITS, LABELS)


def test_the_margin_loss_is_the_value_by_hand() -> None:
    """Gaps 1 - z_y + z_j of 1.5 and -1 in the first row, 0.8 and 1.2 in the second: (1.5 + 2) / 3 / 2."""
    logits, labels = torch.tensor([[1.0, 1.5, -1.0], [0.2, 0.6, 0.4]]), torch.tensor([0, 2])
    assert float(LOSSES["multi_margin"]()(logits, labels)) == pytest.approx(3.5 / 6, rel=1e-6)


def test_a_temperature_must_be_positive() -> None:
    with pytest.raises(InputError, match="temperature > 0"):
        LOSSES["offset_cross_entropy"](offset=1.0, temperature=0.0)
