"""Bounds of rounding errors hold for every layer, and are not much larger than what a bad case reaches."""

import copy

import pytest
import torch
from drawn import DIMENSION, made, seeded, with_weights_of_size

from geoflow.ground.errors import InputError
from geoflow.layers import LAYERS, norms
from geoflow.layers.rounding import bounds_of, gamma, rounded

SINGLE = 2.0**-24


def in_single(layer: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Evaluate a layer of float64 in float32, with the same steps and scales."""
    single = copy.deepcopy(layer)
    for one in [*single.parameters(), *single.buffers()]:
        one.data = one.data.float()
    return single(x.float()).double()


@pytest.mark.parametrize("size", [0.05, 1.0, 5.0])
@pytest.mark.parametrize("name", sorted(LAYERS))
def test_the_error_of_every_layer_in_single_precision_is_below_its_bound(name: str, size: float) -> None:
    layer = with_weights_of_size(made(name), size).double().eval()
    with torch.no_grad():
        for one in layer.parameters():  # weights that single precision represents
            one.copy_(one.float())
        layer.eval()
        x = torch.randn(200, DIMENSION, generator=seeded(5)).double() * torch.logspace(-2, 2, 200)[:, None].double()
        x = x.float().double()
        error = (in_single(layer, x) - layer(x)).norm(dim=1)
    bounds = torch.tensor([layer.error_bound(float(one.norm()), SINGLE) for one in x])
    assert (error <= bounds).all()
    if layer.non_expansive:
        assert bounds.max() < 1000 * SINGLE * (1 + float(x.norm(dim=1).max()))


def test_a_sum_that_rounds_at_every_addition_reaches_a_tenth_of_the_bound() -> None:
    """1 + u + u + ... in sequence rounds each term away; the mean over a window of 8 x 8 pixels adds so."""
    layer = LAYERS["pool"]((1, 8, 8), size=8).eval()
    x = torch.full((1, 64), 0.99 * SINGLE)
    x[0, 0] = 1.0
    sequential = torch.zeros(1)
    for one in x[0]:
        sequential = sequential + one
    lost = abs(float(sequential) - float(x.double().sum())) / 8
    assert 0.1 * layer.error_bound(float(x.norm()), SINGLE) < lost <= layer.error_bound(float(x.norm()), SINGLE)


def test_an_operation_without_a_rule_is_refused() -> None:
    with pytest.raises(InputError, match="'exp' as it is called; define the layer's error_bound"):
        torch.exp(rounded(torch.empty(1, 3), 1.0))
    assert gamma(2.0**24, SINGLE) == float("inf")


@pytest.mark.parametrize("shape", [(7, 7), (5, 12), (40, 9)])
def test_a_singular_value_that_is_wrong_is_not_taken_for_a_bound(shape: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    W = torch.randn(*shape, generator=seeded(1), dtype=torch.float64)
    true = norms.norm_upper(W)
    assert norms._exceeds(W, true * (1 - 1e-8))
    assert not norms._exceeds(W, true)
    right = torch.linalg.matrix_norm
    monkeypatch.setattr(torch.linalg, "matrix_norm", lambda *given, **more: 0.9 * right(*given, **more))
    assert true * (1 - 1e-8) <= norms.norm_upper(W) < 2 * true


@pytest.mark.parametrize("n", [1, 8, 64, 512])
def test_the_bound_of_a_hadamard_matrix_is_its_norm(n: int) -> None:
    H = torch.ones(1, 1, dtype=torch.float64)
    while len(H) < n:
        H = torch.cat([torch.cat([H, H], dim=1), torch.cat([H, -H], dim=1)])
    assert 0 <= norms.norm_upper(H) / n**0.5 - 1 < 1.1e-9


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x[:, [0, 0, 0]],
        lambda x: torch.nn.functional.pad(x, (1, 1), value=5.0),
        lambda x: torch.nn.functional.pad(x, (2, 2), mode="reflect"),
        lambda x: 1.0 / x,
        lambda x: torch.ones(3) / x,
        lambda x: torch.nn.functional.leaky_relu(x, 3.0),
        lambda x: torch.nn.functional.max_pool2d(x.unflatten(1, (1, 1, 3)), (1, 2), stride=1),
        lambda x: torch.nn.functional.conv2d(
            x.unflatten(1, (1, 1, 3)), torch.ones(1, 1, 1, 1).double(), torch.ones(1).double()
        ),
    ],
)
def test_a_call_that_no_rule_covers_is_refused(call) -> None:
    with pytest.raises(InputError, match="no rule bounds the rounding errors"):
        call(rounded(torch.empty(1, 3), 1.0))


def test_constants_beside_a_state_count_in_its_size() -> None:
    x = rounded(torch.empty(1, 3), 4.0)
    assert bounds_of(torch.cat([x, torch.full((1, 9), 1.0)], dim=1))[0] == pytest.approx(5)
    assert bounds_of(torch.maximum(x, torch.tensor(3.0).double()))[0] == pytest.approx((16 + 27) ** 0.5)
    assert bounds_of(x + torch.full((3,), 2.0))[0] == pytest.approx(4 + 12**0.5)
