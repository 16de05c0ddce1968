"""The norm that certifies lies above, the norm that trains lies below."""

import numpy as np
import pytest
import torch

from geoflow.layers.norms import PowerIteration, norm_upper


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (50, 3), (64, 64)])
def test_the_upper_norm_lies_above_the_singular_values(shape: tuple[int, int]) -> None:
    W = torch.tensor(np.random.default_rng(0).standard_normal(shape))
    largest = np.linalg.svd(W.numpy(), compute_uv=False)[0]
    assert largest < norm_upper(W) < largest * (1 + 1e-8)


def test_power_iteration_approaches_the_norm_from_below() -> None:
    W = torch.tensor(np.random.default_rng(1).standard_normal((40, 40)))
    iteration = PowerIteration(40, safety=0.0, generator=torch.Generator().manual_seed(0)).double()
    estimates = [float(iteration(W)) for _ in range(300)]
    assert (np.diff(estimates) > -1e-13).all()
    assert estimates[0] < 0.9 * norm_upper(W)
    assert 0.999 * norm_upper(W) < estimates[-1] <= norm_upper(W)


def test_the_estimate_has_the_gradient_of_the_norm() -> None:
    W = torch.tensor(np.random.default_rng(2).standard_normal((5, 4)), requires_grad=True)
    iteration = PowerIteration(5, 500, 0.0, generator=torch.Generator().manual_seed(0)).double()
    (estimated,) = torch.autograd.grad(iteration(W), W)
    (exact,) = torch.autograd.grad(torch.linalg.matrix_norm(W, ord=2), W)
    assert torch.allclose(estimated, exact, atol=1e-8)
