"""Laws of every layer: the bound is a bound, the stated property holds, and breaks when it should."""

import copy

import pytest
import torch
from drawn import DIMENSION, SHAPE, found, made, seeded, with_weights_of_size

from geoflow.ground.errors import InputError
from geoflow.layers import LAYERS, Layer
from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.layers.sdp import SdpResidual
from geoflow.networks.jacobian import jacobians

NON_EXPANSIVE = [name for name, layer in LAYERS.items() if layer.non_expansive]
SYMPLECTIC = [name for name, layer in LAYERS.items() if layer.symplectic]
TRAINABLE = [name for name in LAYERS if list(LAYERS[name](SHAPE).parameters())]


@pytest.fixture(params=sorted(LAYERS))
def layer(request: pytest.FixtureRequest) -> Layer:
    return made(request.param)


def jacobians_of(layer: Layer) -> torch.Tensor:
    x = torch.randn(32, DIMENSION, generator=seeded(4), dtype=torch.float64)
    return jacobians(layer, x)


def test_every_layer_states_its_formula_law_condition_and_source(layer: Layer) -> None:
    for words in (layer.formula, layer.law, layer.condition, layer.reference):
        assert words


def test_a_layer_maps_states_to_the_dimension_it_says(layer: Layer) -> None:
    assert layer(torch.zeros(5, DIMENSION)).shape == (5, layer.dimension_out)


@pytest.mark.parametrize("size", [0.05, 1.0, 20.0])
def test_no_jacobian_exceeds_the_bound(layer: Layer, size: float) -> None:
    one = with_weights_of_size(layer, size)
    assert found(one) <= one.lipschitz_bound() * (1 + 1e-12)


@pytest.mark.parametrize("name", NON_EXPANSIVE)
@pytest.mark.parametrize("size", [0.05, 1.0, 20.0])
def test_non_expansive_layers_have_a_bound_of_at_most_one(name: str, size: float) -> None:
    assert with_weights_of_size(made(name), size).lipschitz_bound() <= 1 + 1e-12


@pytest.mark.parametrize("name", TRAINABLE)
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_finite_numbers_are_refused_in_a_sentence(name: str, value: float) -> None:
    layer = made(name)
    with torch.no_grad():
        next(layer.parameters()).view(-1)[0] = value
    with pytest.raises(InputError, match=r"expected finite weights, 1 of \d+ in .* are NaN or infinite"):
        layer.eval()


def test_a_bound_of_weights_in_training_that_are_no_finite_numbers_is_refused() -> None:
    layer = made("dense").train()
    with torch.no_grad():
        next(layer.parameters()).view(-1)[0] = float("nan")
    with pytest.raises(InputError, match="NaN or infinite"):
        layer.lipschitz_bound()


def symplectic_defect(layer: Layer) -> float:
    """The largest entry of J^T Omega J - Omega, relative to that of J squared."""
    omega = torch.tensor([[0.0, 1.0], [-1.0, 0.0]]).double().kron(torch.eye(DIMENSION // 2).double())
    J = jacobians_of(layer)
    return float((J.transpose(1, 2) @ omega @ J - omega).abs().max() / J.abs().max() ** 2)


@pytest.mark.parametrize("name", SYMPLECTIC)
@pytest.mark.parametrize("size", [0.05, 1.0, 3.0])
def test_symplectic_layers_preserve_omega(name: str, size: float) -> None:
    assert symplectic_defect(with_weights_of_size(made(name), size)) < 1e-13


def test_orthonormal_rows_make_the_sdp_layer_a_large_step_at_the_start() -> None:
    """T is the identity, so no step is shorter than it may be; random rows waste most of it."""
    orthonormal = SdpResidual(64, orthogonal=True, generator=seeded())
    random = SdpResidual(64, generator=seeded())
    assert torch.allclose(orthonormal.T, torch.ones(64), atol=1e-4)
    assert random.T.min() > 4
    assert orthonormal.lipschitz_bound() <= 1 + 1e-6


def test_an_sdp_layer_with_a_falling_activation_expands() -> None:
    """|x| is 1-Lipschitz but falls: I - 2 B^T D B with D = -I has eigenvalues up to 3."""
    layer = SdpResidual(DIMENSION, orthogonal=True, generator=seeded()).double().eval()
    assert found(layer) <= 1 + 1e-9
    layer.activation = torch.abs
    assert found(layer) > 1.5


def test_the_residual_layer_is_not_symplectic() -> None:
    assert symplectic_defect(with_weights_of_size(made("residual"), 1.0)) > 1e-3


@pytest.mark.parametrize("name", TRAINABLE)
def test_training_changes_weights_but_not_the_law(name: str) -> None:
    """A few large steps of gradient ascent on the output; then the settled layer is judged."""
    layer = made(name)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.5)
    x = torch.randn(16, DIMENSION, generator=seeded(5))
    layer.train()
    for _ in range(20):
        optimiser.zero_grad()
        (-layer(x).square().mean()).backward()
        torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
        optimiser.step()
    settled = copy.deepcopy(layer).double().eval()
    assert found(settled) <= settled.lipschitz_bound() * (1 + 1e-12)
    if layer.non_expansive:
        assert settled.lipschitz_bound() <= 1 + 1e-12


def test_weights_changed_after_settling_cannot_hide_from_the_bound(layer: Layer) -> None:
    """The bound reads the weights and the step in use, so a stale step shows."""
    stale = with_weights_of_size(layer, 1.0)
    with torch.no_grad():
        for parameter in stale.parameters():
            parameter.mul_(1.3)
    assert found(stale) <= stale.lipschitz_bound() * (1 + 1e-12)


@pytest.mark.parametrize("name", TRAINABLE)
def test_weights_of_zero_are_weights(name: str) -> None:
    """All of them, one tensor, or one row: values, gradients, steps and bounds are finite and sound."""
    layer = made(name)
    with torch.no_grad():
        for parameter in layer.parameters():
            if parameter.dim() == 1:  # biases start at zero
                parameter.normal_(generator=seeded(6))
    names = dict(layer.named_parameters())
    x = torch.randn(5, DIMENSION, generator=seeded(4)).requires_grad_()
    for zero in (list(names), *[[one] for one in names]):
        for rows in (slice(None), 0):
            one = copy.deepcopy(layer).train()
            with torch.no_grad():
                for which in zero:
                    one.get_parameter(which)[rows] = 0
            for _ in range(2):  # the second call starts from the norm that the first one left
                y = one(x)
                gradients = torch.autograd.grad(y.square().sum(), [x, *one.parameters()])
                assert all(tensor.isfinite().all() for tensor in (y, *gradients)), zero
            one = one.double().eval()
            assert found(one) <= one.lipschitz_bound() * (1 + 1e-12), zero
            if one.non_expansive:
                assert one.lipschitz_bound() <= 1 + 1e-12


def test_a_norm_is_found_again_after_a_weight_was_zero() -> None:
    """The vector of the power iteration survives: a zero vector would stay zero for ever."""
    for layer in (made("gradient_flow"), made("convolutional_flow")):
        weight = layer.A.weight.detach().clone()
        with torch.no_grad():
            layer.A.weight.zero_()
            layer.A.estimate()
            layer.A.weight.copy_(weight)
            for _ in range(200):
                estimate = layer.A.estimate()
        assert float(estimate) == pytest.approx(1.01 * layer.A.upper(), rel=1e-3)


@pytest.mark.parametrize("name", ["conservative", "collect"])
def test_mass_preserving_layers_keep_the_sum_and_the_residual_layer_does_not(name: str) -> None:
    x = torch.randn(32, DIMENSION, generator=seeded(4), dtype=torch.float64)

    def lost(layer: Layer) -> float:
        return float((layer(x).detach().sum(dim=1) - x.sum(dim=1)).abs().max())

    assert lost(with_weights_of_size(LAYERS[name](DIMENSION, generator=seeded()), 1.0)) < 1e-12
    assert lost(with_weights_of_size(made("residual"), 1.0)) > 0.1


def test_collecting_brings_back_all_of_a_lift() -> None:
    x = torch.randn(32, DIMENSION, generator=seeded(4), dtype=torch.float64)
    there = LAYERS["collect"](DIMENSION, 4)(x)
    assert there.shape == (32, 4)
    assert torch.allclose(there.sum(dim=1), x.sum(dim=1))


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activations_are_nondecreasing_and_1_lipschitz(name: str) -> None:
    x = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    slopes = ACTIVATIONS[name](x).diff() / x.diff()
    assert slopes.min() >= 0
    assert slopes.max() <= 1 + 1e-12


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GradientFlow(4, scheme="explicit_midpoint"), "positive contractivity radius"),
        (lambda: GradientFlow(4, scheme="gauss_2"), "does not converge with relative_step = 1.0"),
        (lambda: GradientFlow(4, scheme="yoshida_4"), "field does not split"),
        (lambda: LAYERS["residual"](4, scheme="stormer_verlet"), "field does not split"),
        (lambda: LAYERS["residual"](4, scheme="partitioned_verlet"), "field does not split"),
        (lambda: LAYERS["hamiltonian"](4, scheme="strang_3"), "has the flows A, B"),
        (lambda: LAYERS["hamiltonian"](4, scheme="srkn_6_4"), "has the flows A, B"),
        (lambda: LAYERS["hamiltonian"](4, scheme="gonzalez"), "has the flows A, B"),
        (lambda: LAYERS["scaled_flow"](4, scheme="implicit_euler"), "explicit scheme"),
        (lambda: GradientFlow(4, scheme="explicit_eulr"), "explicit_euler"),
        (lambda: GradientFlow(4, relative_step=-1.0), "relative_step > 0"),
        (lambda: LAYERS["hamiltonian"](5), "even dimension"),
        (lambda: LAYERS["lift"](5, 3), "at least the 5"),
        (lambda: LAYERS["restrict"](5, 6), "1 to 5"),
        (lambda: LAYERS["collect"](5, 6), "1 to 5"),
        (lambda: LAYERS["dense"](5, cap=0.0), "cap > 0"),
        (lambda: GradientFlow(4, substeps=0), "substeps >= 1"),
        (lambda: LAYERS["scaled_flow"](5, constant=0.0), "constant > 0"),
        (lambda: LAYERS["convolutional"](SHAPE, cap=0.0), "cap > 0"),
        (lambda: LAYERS["convolutional"](SHAPE, kernel=2), "odd kernel"),
        (lambda: LAYERS["convolutional"](6), r"convolutional: expected images .* got .*\(6,\)"),
        (lambda: LAYERS["lift"](6, channels=4), "lift: expected images"),
        (lambda: LAYERS["lift"](SHAPE, out=9, channels=4), "`out` or `channels`"),
        (lambda: LAYERS["pool"]((1, 4, 4), kind="median"), "mean, max, shuffle"),
        (lambda: LAYERS["pool"]((1, 3, 3), kind="shuffle"), "do not fit"),
        (lambda: LAYERS["normalise"](5, scale=0.0), "scale > 0"),
        *((lambda x=x: LAYERS["dense"](x), f"shape .* got {x!r}".replace("(", ".")) for x in (-1, 0, 2.5, "6", None)),
        (lambda: LAYERS["gradient_flow"]((0, 4, 4)), r"as positive whole numbers, got \(0, 4, 4\)"),
    ],
)
def test_layers_refuse_what_they_cannot_be(make, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()
