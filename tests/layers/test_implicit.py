"""The implicit stage is solved, and its derivative is that of the implicit function theorem."""

import copy

import pytest
import torch
from drawn import check_derivatives, seeded
from scipy.optimize import root

from geoflow.ground.errors import SolveError
from geoflow.layers import stages
from geoflow.layers.gradient_flow import ConvolutionalFlow, GradientFlow

SCHEMES = ["implicit_euler", "implicit_midpoint"]


def flow(scheme: str, **given) -> GradientFlow:
    return GradientFlow(5, 7, "tanh", scheme, generator=seeded(), **given).double().eval()


def states(rows: int = 6) -> torch.Tensor:
    return torch.randn(rows, 5, generator=seeded(1), dtype=torch.float64)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("relative_step", [0.3, 1.0, 10.0])
def test_the_layer_is_the_step_of_its_method(scheme: str, relative_step: float) -> None:
    """As SciPy's solver of the stage equation X = x + a h f(X) has it."""
    layer, x = flow(scheme, relative_step=relative_step), states()
    ((a,),), (b,), _ = layer.method.as_floats()

    def field(y):
        return layer.field(0.0, torch.tensor(y)[None]).detach().numpy()[0]

    for row, there in zip(x.numpy(), layer(x).detach().numpy(), strict=True):
        solution = root(lambda X, row=row: X - row - a * layer.h * field(X), row, tol=1e-14)
        reference = row + b * layer.h * field(solution.x)
        assert abs(there - reference).max() < 10 * stages.TOLERANCE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_its_derivatives_are_those_of_differences(scheme: str) -> None:
    layer = flow(scheme)
    cotangent = torch.randn(3, 5, generator=seeded(2), dtype=torch.float64)
    check_derivatives(layer, states(3), [layer.A.weight, layer.b], cotangent)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_products_of_low_precision_around_it_do_not_enter_the_solve(scheme: str) -> None:
    """In bfloat16 the residual would stay above 1e-3, and training would stop."""
    layer = GradientFlow(100, None, "tanh", scheme, 2.0, generator=seeded()).eval()
    x = 10 * torch.rand(50, 100, generator=seeded(1))
    straight = layer(x)
    (gradient,) = torch.autograd.grad(straight.square().sum(), layer.A.weight)
    with torch.autocast("cpu", torch.bfloat16):
        low = layer(x)
        middle = layer(x.bfloat16())
    assert torch.equal(low, straight)
    assert middle.dtype == torch.float32
    (again,) = torch.autograd.grad(low.square().sum(), layer.A.weight)
    assert torch.equal(again, gradient)
    trained = []
    for precision in (torch.float32, torch.bfloat16):  # h is set from an estimate of that precision
        one = copy.deepcopy(layer).train()
        with torch.autocast("cpu", precision, enabled=precision != torch.float32):
            one(x).square().sum().backward()
        trained.append(one.A.weight.grad)
    assert (trained[1] - trained[0]).norm() < 0.05 * trained[0].norm()


def test_images_are_stepped_implicitly_as_well() -> None:
    layer = ConvolutionalFlow((2, 4, 4), scheme="implicit_midpoint", generator=seeded())
    layer = layer.double().eval()
    x = torch.randn(4, 32, generator=seeded(1), dtype=torch.float64)
    y = layer(x)
    middle = layer.field(0.0, (x + y) / 2)
    assert (y - x - layer.h * middle).norm(dim=1).max() < 10 * stages.TOLERANCE


def test_a_residual_that_is_not_reached_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "DESCENTS", 3)
    with pytest.raises(SolveError, match="residual"):
        flow("implicit_euler", relative_step=10.0)(states())
