"""The norm that certifies lies above, the norm that trains lies below."""

import numpy as np
import pytest
import torch

from geoflow.layers.linear import Convolution
from geoflow.layers.norms import PowerIteration, TorusIteration, convolution_upper, norm_upper


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


def convolution(channels: int, out: int, size: int, seed: int = 3) -> Convolution:
    generator = torch.Generator().manual_seed(seed)
    one = Convolution((channels, size, size), out, 3, generator=generator).double()
    with torch.no_grad():
        one.weight.copy_(torch.randn(one.weight.shape, generator=generator, dtype=torch.float64))
    return one


def matrix_of(one: Convolution) -> torch.Tensor:
    """The convolution as a dense matrix (out, in)."""
    channels, height, width = one.shape
    return one(torch.eye(channels * height * width, dtype=torch.float64)).T.detach()


@pytest.mark.parametrize(("channels", "out", "size"), [(1, 1, 5), (3, 2, 6), (2, 5, 8), (4, 4, 3)])
def test_the_torus_bounds_the_zero_padded_convolution(channels: int, out: int, size: int) -> None:
    one = convolution(channels, out, size)
    exact = float(torch.linalg.matrix_norm(matrix_of(one), ord=2))
    assert exact < one.upper() < 1.6 * exact


def test_the_norm_of_the_reshaped_kernel_is_no_bound() -> None:
    """The known wrong recipe, on the layer for which it is too small by a third."""
    one = convolution(16, 16, 12)
    reshaped = float(torch.linalg.matrix_norm(one.weight.detach().flatten(1), ord=2))
    exact = float(torch.linalg.matrix_norm(matrix_of(one), ord=2))
    assert reshaped < 0.75 * exact
    assert exact < one.upper()


def test_the_adjoint_of_a_convolution_is_that_of_its_matrix() -> None:
    one = convolution(3, 2, 5)
    y = torch.randn(4, one.dimension_out, generator=torch.Generator().manual_seed(0)).double()
    assert torch.allclose(one.adjoint(y), y @ matrix_of(one), atol=1e-12)


def test_overlaps_dominate_the_gram_matrix() -> None:
    """diag(T) - A A^T is positive semidefinite for T = the sums of the overlaps."""
    one = convolution(3, 2, 5)
    A, T = matrix_of(one), one.spread(one.overlaps().sum(dim=1)).detach()
    assert torch.linalg.eigvalsh(torch.diag(T) - A @ A.T)[0] > -1e-12


def test_the_torus_iteration_approaches_the_bound_from_below() -> None:
    kernel = convolution(3, 4, 6).weight.detach()
    generator = torch.Generator().manual_seed(0)
    iteration = TorusIteration(kernel, (6, 6), safety=0.0, generator=generator).double()
    estimates = [float(iteration(kernel)) for _ in range(300)]
    upper = convolution_upper(kernel, (6, 6))
    assert estimates[0] < 0.995 * upper
    assert 0.999 * upper < estimates[-1] <= upper
