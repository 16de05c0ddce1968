"""What the solver of implicit stages leaves is covered by the error bound of the layer."""

import pytest
import torch
from drawn import DIMENSION, settled_flow, states

from geoflow.ground.errors import SolveError
from geoflow.layers import stages


def test_stages_that_do_not_converge_are_refused_and_certify_nothing() -> None:
    layer = settled_flow("hamiltonian", "implicit_midpoint", h=30.0)
    with pytest.raises(SolveError, match="implicit stages"):
        layer(states())
    assert layer.lipschitz_bound() == layer.error_bound(1.0) == float("inf")


@pytest.mark.parametrize(
    ("name", "scheme", "given"),
    [
        ("gradient_flow", "implicit_euler", {"relative_step": 0.1, "substeps": 3}),
        ("gradient_flow", "implicit_midpoint", {"relative_step": 0.1}),
        ("gradient_flow", "implicit_midpoint", {"relative_step": 40.0}),
        ("gradient_flow", "gauss_2", {"relative_step": 0.3, "substeps": 2}),
        ("hamiltonian", "gauss_2", {"h": 0.1}),
        ("residual", "implicit_midpoint", {"h": 0.1, "activation": "tanh"}),
    ],
)
def test_the_error_bound_covers_what_the_solver_leaves(
    name: str, scheme: str, given: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a coarse tolerance the error can be seen."""
    layer, x = settled_flow(name, scheme, **given), states(200)
    layer.settle()
    with torch.no_grad():
        exact = layer(x)
        monkeypatch.setattr(stages, "TOLERANCE", 1e-4)
        error = float((layer(x) - exact).norm(dim=1).max())
    size = float(x.norm(dim=1).max())
    assert 0 < error <= layer.error_bound(size) < 1e-2


@pytest.mark.parametrize(("scheme", "a"), [("implicit_euler", 1.0), ("implicit_midpoint", 0.5)])
def test_a_residual_just_within_the_tolerance_is_an_error_of_the_size_of_the_bound(scheme: str, a: float) -> None:
    """A = I and one positive component: x stands for the stage in the field, which is x / (1 + a h)."""
    layer = settled_flow("gradient_flow", scheme, relative_step=0.1)
    with torch.no_grad():
        layer.A.weight.copy_(torch.eye(5, DIMENSION))
        layer.b.zero_()
    layer.settle()
    x = torch.zeros(1, DIMENSION, dtype=torch.float64)
    x[0, 0] = 0.99 * stages.TOLERANCE / (a * layer.h)
    exact = x + (x / (1 + a * layer.h) - x) / a
    error = float((layer(x).detach() - exact).norm())
    assert 0.7 * layer.error_bound(float(x.norm())) < error <= layer.error_bound(float(x.norm()))
