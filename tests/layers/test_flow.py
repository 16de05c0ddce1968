"""A layer is a field and a method: any method of the table, with the certificate that its property gives."""

import numpy as np
import pytest
import torch
from drawn import DIMENSION, check_derivatives, seeded, settled_flow, states

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import PartitionedRungeKutta, RungeKutta
from geoflow.layers.flow import Flow, layer_method, majorant
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.layers.hamiltonian import Hamiltonian
from geoflow.layers.residual import Residual
from geoflow.networks import ARCHITECTURES
from geoflow.networks.jacobian import jacobian_norms, jacobians
from geoflow.networks.network import build, copy_for_evaluation
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.structure import symplectic

# With equal stages these are the implicit midpoint rule for fields that do not depend on time.
MIDPOINT = {"lobatto_iiib_2"}


def accepted(parts: str) -> list[str]:
    names = []
    for name in METHODS:
        try:
            layer_method(name, parts)
        except InputError:
            continue
        names.append(name)
    return names


RUNGE_KUTTA, CANONICAL = accepted(""), accepted("AB")


def defect(layer: Flow) -> float:
    omega = torch.tensor([[0.0, 1.0], [-1.0, 0.0]]).double().kron(torch.eye(3).double())
    J = jacobians(layer, states())
    return float((J.transpose(1, 2) @ omega @ J - omega).abs().max())


def test_every_runge_kutta_method_and_every_splitting_of_drifts_and_kicks_makes_a_layer() -> None:
    assert set(RUNGE_KUTTA) == {n for n, m in METHODS.items() if isinstance(m, RungeKutta)}
    assert {"yoshida_4", "blanes_moan_10_6", "lobatto_iiia_iiib_3"} < set(CANONICAL)
    assert set(RUNGE_KUTTA) < set(CANONICAL)
    assert not {"gonzalez", "boris", "srkn_6_4", "strang_3"} & set(CANONICAL)


@pytest.mark.parametrize("scheme", CANONICAL)
def test_a_hamiltonian_layer_is_symplectic_if_and_only_if_its_method_is(scheme: str) -> None:
    """Explicit Euler, the classical methods and the Radau ones are the negative controls."""
    layer = settled_flow("hamiltonian", scheme, h=0.4)
    assert layer.symplectic == symplectic(METHODS[scheme])
    if layer.symplectic or scheme in MIDPOINT:
        assert defect(layer) < (1e-13 if METHODS[scheme].explicit else 1e-9)
    else:
        assert defect(layer) > 1e-7


@pytest.mark.parametrize("scheme", CANONICAL)
def test_no_method_exceeds_the_bound_of_its_hamiltonian_layer(scheme: str) -> None:
    layer = settled_flow("hamiltonian", scheme, h=0.4)
    assert jacobian_norms(layer, states()).max() <= layer.lipschitz_bound() * (1 + 1e-9)


@pytest.mark.parametrize("scheme", RUNGE_KUTTA)
def test_no_method_exceeds_the_bound_of_its_residual_layer(scheme: str) -> None:
    layer = settled_flow("residual", scheme, activation="tanh", h=0.2)
    assert jacobian_norms(layer, states()).max() <= layer.lipschitz_bound() * (1 + 1e-9)


@pytest.mark.parametrize("scheme", RUNGE_KUTTA)
def test_every_runge_kutta_method_keeps_the_mass(scheme: str) -> None:
    layer, x = settled_flow("conservative", scheme, h=0.02), states()
    assert (layer(x).sum(dim=1) - x.sum(dim=1)).abs().max() < 1e-12


@pytest.mark.parametrize("scheme", [n for n in RUNGE_KUTTA if METHODS[n].explicit])
@pytest.mark.parametrize("constant", [0.8, 1.3])
def test_a_scaled_flow_of_any_scheme_has_its_constant(scheme: str, constant: float) -> None:
    if not (contractivity_radius(METHODS[scheme]) or 0) > 0:
        with pytest.raises(InputError, match="positive contractivity radius"):
            settled_flow("scaled_flow", scheme, constant=constant)
        return
    layer = settled_flow("scaled_flow", scheme, constant=constant)
    layer.settle()
    assert layer.lipschitz_bound() <= constant * (1 + 1e-9)
    found = jacobian_norms(layer, torch.cat([states(), 10 * states()])).max()
    assert found <= layer.lipschitz_bound() * (1 + 1e-12)


@pytest.mark.parametrize("scheme", ["gauss_2", "radau_iia_2", "gauss_3"])
def test_algebraically_stable_methods_of_several_stages_are_non_expansive(scheme: str) -> None:
    layer = settled_flow("gradient_flow", scheme, relative_step=0.3, substeps=2)
    layer.settle()
    assert layer.lipschitz_bound() == 1.0
    assert 0 < layer.error_bound(10.0) < 1e-8
    assert jacobian_norms(layer, states()).max() <= 1 + 1e-9


@pytest.mark.parametrize(
    "scheme", ["rk4", "gauss_2", "lobatto_iiia_iiib_3", "symplectic_euler", "yoshida_4", "suzuki_4"]
)
def test_the_layer_takes_the_step_of_the_integrators(scheme: str) -> None:
    """q' = B^T tanh(B p + b), p' = -C^T tanh(C q + c) for NumPy arrays (d, N), solved to round-off."""
    layer, h = settled_flow("hamiltonian", scheme, h=0.2), 0.2
    B, C, b, c = (one.detach().numpy() for one in (layer.B, layer.C, layer.b, layer.c))

    def field(t, y):
        q, p = np.split(y, 2)
        return np.concatenate([B.T @ np.tanh(B @ p + b[:, None]), -C.T @ np.tanh(C @ q + c[:, None])])

    def flow(moved):  # q alone, or p alone
        return lambda t, y, a: y + a * np.repeat(moved, 3)[:, None] * field(t, y)

    method, y = METHODS[scheme], states().numpy().T
    if isinstance(method, RungeKutta | PartitionedRungeKutta):
        expected = method.step(field, 0.0, y, h)
    else:
        flows = {"A": flow([1, 0]), "B": flow([0, 1])}
        expected = method.step(flows, 0.0, y, h)
    assert abs(layer(states()).detach().numpy().T - expected).max() < 1e-9


@pytest.mark.parametrize("scheme", ["implicit_midpoint", "gauss_2", "lobatto_iiia_iiib_3"])
def test_implicit_layers_have_the_derivatives_of_differences(scheme: str) -> None:
    layer = settled_flow("hamiltonian", scheme, h=0.3)
    cotangent = torch.randn(3, DIMENSION, generator=seeded(3), dtype=torch.float64)
    check_derivatives(layer, states(3), list(layer.parameters()), cotangent)


@pytest.mark.parametrize("scheme", ["explicit_euler", "heun_2", "rk4", "implicit_midpoint"])
@pytest.mark.parametrize("z", [0.1, 1.0])
def test_the_majorant_is_reached_by_a_field_that_grows(scheme: str, z: float) -> None:
    """x' = x, where all coefficients are positive: the stability function at z."""
    method = METHODS[scheme]
    assert isinstance(method, RungeKutta)
    A, b, _ = method.as_floats()
    growth = 1 + z * b @ np.linalg.solve(np.eye(len(b)) - z * A, np.ones(len(b)))
    assert majorant(method, z) == pytest.approx(growth)
    assert majorant(METHODS["implicit_midpoint"], 2.0) == float("inf")


@pytest.mark.parametrize(
    ("architecture", "scheme", "layer"),
    [("chain", "yoshida_4", Hamiltonian), ("resnet", "heun_2", Residual), ("resnet", "gauss_2", Residual)],
)
def test_a_network_of_another_method_is_one_line(architecture: str, scheme: str, layer: type) -> None:
    step = {"layer": "hamiltonian", "h": 0.1, "scheme": scheme}
    words = {"layers": [step, step]} if architecture == "chain" else {"depth": 2, "h": 0.1, "scheme": scheme}
    specifications = ARCHITECTURES[architecture](**words)
    network = build(specifications, (1, 4, 4), seeded())
    steps = [one for one in network.chain() if isinstance(one, layer)]
    assert [one.method.name for one in steps] == [scheme, scheme]
    x = torch.rand(5, 1, 4, 4, generator=seeded(1))
    network(x).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
    assert copy_for_evaluation(network).lipschitz_bound() < float("inf")


def test_the_order_of_the_method_is_the_order_of_the_layer() -> None:
    """One layer of step h against two of h / 2, which share its weights: the defect is of order p + 1."""
    for scheme, order in (("symplectic_euler", 1), ("stormer_verlet", 2), ("yoshida_4", 4)):
        gaps = []
        for h in (0.1, 0.05):
            one, two = settled_flow("hamiltonian", scheme, h=h), settled_flow("hamiltonian", scheme, h=h / 2)
            gaps.append(float((one(states()) - two(two(states()))).detach().abs().max()))
        assert np.log2(gaps[0] / gaps[1]) == pytest.approx(order + 1, abs=0.3)


def test_only_pairs_and_splittings_need_a_separable_field() -> None:
    others = [METHODS[name] for name in set(CANONICAL) - set(RUNGE_KUTTA)]
    assert sum(isinstance(method, PartitionedRungeKutta) for method in others) >= 4
    assert isinstance(settled_flow("gradient_flow", "rk4"), GradientFlow)


@pytest.mark.parametrize("scheme", ["explicit_euler", "heun_2", "rk4"])
def test_a_contractive_scaled_flow_is_a_multiple_of_a_gradient_flow(scheme: str) -> None:
    scaled, flow = settled_flow("scaled_flow", scheme, constant=0.5), settled_flow("gradient_flow", scheme)
    scaled.activation = flow.activation
    for layer in (scaled, flow):
        layer.settle()
    assert torch.allclose(scaled(states()), 0.5 * flow(states()), atol=1e-13)


@pytest.mark.parametrize("steep", ["B", "C"])
def test_the_steeper_half_of_a_hamiltonian_field_bounds_it(steep: str) -> None:
    layer = settled_flow("hamiltonian", "rk4", h=0.1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(0.01)
        layer.get_parameter(steep).mul_(300)
    assert 1.5 < jacobian_norms(layer, states()).max() <= layer.lipschitz_bound()


@pytest.mark.parametrize("scheme", ["symplectic_euler", "stormer_verlet", "yoshida_4"])
def test_the_bound_of_a_splitting_is_the_product_of_the_norms_of_its_shears(scheme: str) -> None:
    """[[1, a h |B|^2], [0, 1]] for a drift of a h, and the transpose with C for a kick."""
    layer = settled_flow("hamiltonian", scheme, h=0.3)
    squares = {"A": layer.B, "B": layer.C}
    product = 1.0
    for part, a in METHODS[scheme].as_floats():
        square = float(torch.linalg.matrix_norm(squares[part].detach(), ord=2)) ** 2
        product *= np.linalg.norm([[1, 0.3 * a * square], [0, 1]], ord=2)
    assert layer.lipschitz_bound() == pytest.approx(product, rel=1e-7)


@pytest.mark.parametrize("scheme", ["implicit_midpoint", "gauss_2", "explicit_euler", "rk4"])
def test_a_spherical_layer_preserves_the_norm_with_every_scheme(scheme: str) -> None:
    layer, x = settled_flow("spherical", scheme, h=0.2), states()
    assert torch.allclose(layer(x).norm(dim=1), x.norm(dim=1), rtol=1e-9)
    assert (layer(x) - x).norm(dim=1).min() > 0.01


def test_without_the_projection_an_explicit_step_leaves_the_sphere_and_a_residual_one_too() -> None:
    layer, x = settled_flow("spherical", "explicit_euler", h=0.2), states()
    tangent = layer.field(0.0, x)
    assert float((tangent * x).sum(dim=1).abs().max()) < 1e-12
    assert float((Flow.forward(layer, x).norm(dim=1) / x.norm(dim=1) - 1).min()) > 1e-3
    assert (
        float((settled_flow("residual", "implicit_midpoint", h=0.2)(x).norm(dim=1) - x.norm(dim=1)).abs().max()) > 0.01
    )
