"""A step of a gradient flow within its limit does not expand, whatever its scheme; beyond it the bound still bounds."""

import pytest
import torch
from drawn import DIMENSION, found, seeded, with_weights_of_size

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import RungeKutta
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.networks.jacobian import jacobian_norms
from geoflow.theory.radii import contractivity_radius

SCHEMES = [
    name
    for name, method in METHODS.items()
    if isinstance(method, RungeKutta)
    and (method.explicit or method.stages == 1)
    and (contractivity_radius(method) or 0) > 0
]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_of_positive_radius_is_non_expansive_at_its_limit(scheme: str) -> None:
    flow = with_weights_of_size(GradientFlow(DIMENSION, 10, scheme=scheme, generator=seeded()), 2.0)
    assert flow.lipschitz_bound() == 1.0
    assert found(flow) <= 1 + 1e-12


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if METHODS[name].explicit])
def test_beyond_the_limit_the_bound_still_bounds(scheme: str) -> None:
    flow = GradientFlow(DIMENSION, 10, scheme=scheme, relative_step=1.7, generator=seeded())
    flow = with_weights_of_size(flow, 2.0)
    assert 1 < found(flow) <= flow.lipschitz_bound()


@pytest.mark.parametrize("scheme", ["implicit_euler", "implicit_midpoint"])
def test_implicit_layers_have_no_limit(scheme: str) -> None:
    flow = GradientFlow(DIMENSION, 10, scheme=scheme, relative_step=40.0, generator=seeded())
    flow = with_weights_of_size(flow, 2.0)
    assert flow.lipschitz_bound() == 1.0
    assert found(flow) <= 1 + 1e-12


def test_substeps_share_their_weights_and_each_has_its_constant() -> None:
    one = GradientFlow(DIMENSION, relative_step=1.1, generator=seeded())
    three = GradientFlow(DIMENSION, relative_step=1.1, substeps=3, generator=seeded())
    one, three = with_weights_of_size(one, 1.0), with_weights_of_size(three, 1.0)
    x = torch.randn(8, DIMENSION, generator=seeded(7), dtype=torch.float64)
    assert torch.equal(three(x), one(one(one(x))))
    assert three.lipschitz_bound() == pytest.approx(1.2**3)


def test_ten_percent_beyond_the_limit_explicit_euler_expands_by_a_fifth() -> None:
    """All units active: the Jacobian is I - h A^T A, its norm 2 * 1.1 - 1."""
    flow = with_weights_of_size(GradientFlow(DIMENSION, relative_step=1.1, generator=seeded()), 1.0)
    with torch.no_grad():
        flow.b.fill_(1e3)
    norm = jacobian_norms(flow, torch.zeros(1, DIMENSION, dtype=torch.float64))
    assert float(norm) == pytest.approx(1.2, abs=1e-6)
    assert flow.lipschitz_bound() == pytest.approx(1.2, abs=1e-6)


@pytest.mark.parametrize("size", [0.1, 1.0, 3.0])
def test_a_flow_of_given_time_takes_the_fewest_steps_within_the_limit(size: float) -> None:
    flow = with_weights_of_size(GradientFlow(DIMENSION, 10, time=0.5, generator=seeded()), size)
    limit = 2 / flow.A.upper() ** 2
    assert flow.substeps * flow.h == pytest.approx(0.5)
    assert flow.h <= limit * (1 + 1e-12)
    assert flow.substeps == 1 or 0.5 / (flow.substeps - 1) > limit
    assert flow.lipschitz_bound() == 1.0 and found(flow) <= 1 + 1e-12


def test_a_number_of_steps_from_one_power_iteration_is_too_small_and_the_bound_says_so() -> None:
    """A power iteration estimates the norm from below; a hundred find it."""
    bounds = {}
    for count in (1, 100):
        flow = GradientFlow(DIMENSION, 10, time=2.0, power_steps=count, generator=seeded())
        flow = with_weights_of_size(flow, 1.0)
        assert found(flow) <= flow.lipschitz_bound() * (1 + 1e-12)
        bounds[count] = flow.lipschitz_bound()
    assert bounds[100] == 1.0 < 1.1 < bounds[1]


def test_in_training_the_number_of_steps_follows_the_weights() -> None:
    flow = GradientFlow(DIMENSION, 10, time=0.5, power_steps=100, generator=seeded()).train()
    x = torch.randn(8, DIMENSION, generator=seeded(7))
    flow(x)
    before = flow.substeps
    with torch.no_grad():
        flow.A.weight.mul_(3)
    flow(x)
    assert flow.substeps > 4 * before


@pytest.mark.parametrize("given", [{"time": 0.0}, {"power_steps": -1}])
def test_no_time_and_a_negative_number_of_iterations_are_refused(given: dict) -> None:
    with pytest.raises(InputError, match=r"expected .*time > 0 or none and power_steps >= 0"):
        GradientFlow(DIMENSION, **given)
