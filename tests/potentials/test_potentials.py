"""Laws of every potential: the gradient is the gradient, and L and mu are its constants."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from geoflow.ground.errors import InputError, SolveError
from geoflow.potentials import POTENTIALS, Potential, gradient_field, with_skew
from geoflow.potentials.interpolant import interpolant


def through_points(**parameters) -> Potential:
    """An interpolant of points of log_cosh."""
    V, x = POTENTIALS["log_cosh"](), np.random.default_rng(2).standard_normal((5, 2))
    return interpolant(x, V.gradient(x.T).T, V.value(x.T), V.L)


MAKERS = {**POTENTIALS, "interpolant": through_points}
VARIANTS = [
    *((name, {}) for name in sorted(POTENTIALS)),
    ("p_norm", {"p": 4.0, "threshold": 0.5}),
    ("p_norm", {"p": 1.0}),
    ("p_norm", {"p": 2.0}),
    ("softplus_network", {"weights": "differences", "dimension": 4}),
    ("interpolant", {}),
]


@pytest.fixture(params=VARIANTS, ids=lambda variant: "-".join(map(str, [variant[0], *variant[1].values()])))
def potential(request: pytest.FixtureRequest) -> Potential:
    name, parameters = request.param
    return MAKERS[name](**parameters)


def points(potential: Potential, count: int = 400, seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    scales = 10 ** random.uniform(-2, 2, count)
    offset = potential.minimiser[:, None]
    return offset + scales * random.standard_normal((potential.dimension, count))


def test_values_have_the_shapes_that_a_potential_promises(potential: Potential) -> None:
    d = potential.dimension
    for shape in ((d,), (d, 3)):
        x, rest = np.full(shape, 0.3), shape[1:]
        assert np.shape(potential.value(x)) == rest
        assert potential.gradient(x).shape == shape
        assert potential.hessian(x).shape == (*rest, d, d)
    assert potential.minimiser.shape == (d,) and 0 <= potential.mu <= potential.L < np.inf


def test_value_gradient_and_hessian_agree_at_one_point(potential: Potential) -> None:
    """By central differences, off every kink, so that no quantile has to be taken."""
    d = potential.dimension
    x = potential.minimiser + np.sqrt(np.arange(2.0, 2.0 + d)) / 3
    steps = 1e-5 * np.eye(d)
    slope = [(potential.value(x + e) - potential.value(x - e)) / 2e-5 for e in steps]
    curvature = [(potential.gradient(x + e) - potential.gradient(x - e)) / 2e-5 for e in steps]
    assert np.array(slope) == pytest.approx(potential.gradient(x), abs=1e-8 * potential.L)
    assert np.array(curvature) == pytest.approx(potential.hessian(x), abs=1e-8 * potential.L)


def test_the_gradient_is_the_derivative_of_the_value(potential: Potential) -> None:
    x, eps = points(potential), 1e-5
    for i in range(potential.dimension):
        e = eps * np.eye(potential.dimension)[:, [i]]
        quotient = (potential.value(x + e) - potential.value(x - e)) / (2 * eps)
        scale = 1 + np.abs(potential.value(x))
        assert np.max(np.abs(quotient - potential.gradient(x)[i]) / scale) < 2e-6


def test_the_hessian_is_the_derivative_of_the_gradient(potential: Potential) -> None:
    x, eps = points(potential), 1e-6
    d = potential.dimension
    columns = [(potential.gradient(x + e) - potential.gradient(x - e)) / (2 * eps) for e in eps * np.eye(d)[:, :, None]]
    quotient = np.moveaxis(np.stack(columns), -1, 0)  # (N, j, i), and the Hessian is symmetric
    defect = np.abs(quotient - potential.hessian(x)).max(axis=(1, 2))
    assert np.quantile(defect, 0.98) < 1e-6  # a few quotients reach over a kink


def test_the_hessian_jumps_at_the_kinks_of_a_potential_that_is_not_smooth(potential: Potential) -> None:
    """Across each sharp kink, and at no other of many pairs of near points."""
    if potential.smooth or not potential.kinks.sharp:  # the pieces of an interpolant are not known beforehand
        return
    normals, offsets = potential.kinks.normals, potential.kinks.offsets
    x, random = points(potential), np.random.default_rng(0)
    for a, c in zip(normals, offsets, strict=True):
        on = x - np.outer(a, a @ x - c) / (a @ a)
        shift = 1e-6 * a[:, None]
        jump = np.abs(potential.hessian(on + shift) - potential.hessian(on - shift)).max(axis=(1, 2))
        assert np.median(jump) > 1e-3 * potential.L
    apart = 1e-3 * random.standard_normal(x.shape)
    changed = np.abs(potential.hessian(x + apart) - potential.hessian(x)).max(axis=(1, 2)) > 1e-9
    sides = [np.sign(normals @ y - offsets[:, None]) for y in (x, x + apart)]
    assert not changed[(sides[0] == sides[1]).all(axis=0)].any()


def test_difference_quotients_lie_between_mu_and_L(potential: Potential) -> None:
    x, y = points(potential), points(potential, seed=4)
    dx, dg = x - y, potential.gradient(x) - potential.gradient(y)
    square = (dx * dx).sum(axis=0)
    monotone = (dg * dx).sum(axis=0) / square
    assert monotone.min() >= potential.mu - 1e-12
    assert np.sqrt((dg * dg).sum(axis=0) / square).max() <= potential.L + 1e-12
    cocoercive = (dg * dx).sum(axis=0) - (dg * dg).sum(axis=0) / potential.L
    assert (cocoercive / square).min() >= -1e-12


def test_no_smaller_L_and_no_larger_mu_would_do(potential: Potential) -> None:
    """The Hessian comes as close to its constants as one likes: at the origin and far away."""
    d = potential.dimension
    far = 1e30 * np.ones((d, 1)) * np.array([[1.0, -1.0]])
    x = np.hstack([points(potential), np.zeros((d, 1)), far])
    eigenvalues = np.linalg.eigvalsh(potential.hessian(x))
    assert eigenvalues.max() == pytest.approx(potential.L, rel=1e-12)
    assert eigenvalues.min() == pytest.approx(potential.mu, abs=1e-12)


def test_the_gradient_vanishes_at_the_minimiser(potential: Potential) -> None:
    assert np.abs(potential.gradient(potential.minimiser)).max() < 1e-14
    assert potential.value(potential.minimiser) <= potential.value(points(potential)).min()


def test_many_points_at_once_give_what_each_gives_alone(potential: Potential) -> None:
    x = points(potential, count=5)
    for k in range(5):
        alone = x[:, k]
        assert potential.value(alone) == pytest.approx(potential.value(x)[k], rel=1e-13)
        np.testing.assert_allclose(potential.gradient(alone), potential.gradient(x)[:, k], atol=1e-13)
        np.testing.assert_allclose(potential.hessian(alone), potential.hessian(x)[k], atol=1e-13)


@pytest.mark.parametrize("ridge", [0.01, 0.5])
def test_a_ridge_is_the_strong_convexity(ridge: float) -> None:
    plain, ridged = POTENTIALS["logistic"](), POTENTIALS["logistic"](ridge=ridge)
    assert ridged.mu == ridge
    assert ridged.L == pytest.approx(plain.L + ridge)  # noqa: SIM300


def test_separable_data_without_a_ridge_have_no_minimiser() -> None:
    with pytest.raises(SolveError, match="ridge"):
        POTENTIALS["logistic"](dimension=5, samples=3)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("quadratic", {"spectrum": [1.0, -0.1]}),
        ("huber", {"threshold": 0.0}),
        ("logistic", {"ridge": -1.0}),
        ("softplus_network", {"leak": -0.1}),
        ("softplus_network", {"weights": "ones"}),
        ("p_norm", {"p": 0.5}),
        ("p_norm", {"threshold": 0.0}),
        ("total_variation", {"smoothing": 0.0}),
        ("ramps", {"angles": [200.0], "offsets": [0.0]}),
        ("ramps", {"offsets": [0.0]}),
    ],
)
def test_a_parameter_that_breaks_convexity_is_refused(name: str, wrong: dict) -> None:
    with pytest.raises(InputError, match="needs"):
        POTENTIALS[name](**wrong)


def test_an_unknown_potential_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'log_cosh'"):
        POTENTIALS["logcosh"]


def test_a_relu_network_rests_at_its_minimiser() -> None:
    """With leak = 0 the minimisers form a cone; the potential vanishes there, strictly beyond too."""
    V = POTENTIALS["softplus_network"](dimension=3, leak=0.0)
    assert V.mu == 0
    assert V.value(V.minimiser) == pytest.approx(0, abs=1e-30)
    assert V.value(V.minimiser - 1.0) == 0


@pytest.mark.parametrize(
    ("slip", "law"),
    [
        ({"gradient": lambda x: -np.tanh(x)}, test_the_gradient_is_the_derivative_of_the_value),
        ({"hessian": lambda x: np.ones((x.shape[1], 2, 2))}, test_the_hessian_is_the_derivative_of_the_gradient),
        ({"L": 0.9}, test_difference_quotients_lie_between_mu_and_L),
        ({"L": 1.1}, test_no_smaller_L_and_no_larger_mu_would_do),
        ({"mu": 0.1}, test_difference_quotients_lie_between_mu_and_L),
        ({"minimiser": np.ones(2)}, test_the_gradient_vanishes_at_the_minimiser),
        ({"gradient": lambda x: x[:1]}, test_values_have_the_shapes_that_a_potential_promises),
        ({"hessian": lambda x: np.ones((2, 2))}, test_value_gradient_and_hessian_agree_at_one_point),
        ({"value": lambda x: 0 * x[0]}, test_value_gradient_and_hessian_agree_at_one_point),
    ],
)
def test_a_slip_is_caught_by_its_law(slip: dict, law: Callable[[Potential], None]) -> None:
    """A sign, a wrong Hessian, an L that is too small or not the best, a mu, a minimiser."""
    with pytest.raises(AssertionError):
        law(replace(POTENTIALS["log_cosh"](), **slip))


@pytest.mark.parametrize("name", ["quadratic", "total_variation", "softplus_network", "log_cosh"])
@pytest.mark.parametrize("strength", [0.0, 0.4, 3.0])
def test_a_field_has_the_constants_that_it_states(name: str, strength: float) -> None:
    """Lipschitz, strongly monotone, cocoercive, and near its centre; with a skew part it is no gradient."""
    V = POTENTIALS[name]()
    F = with_skew(V, strength)
    x, y = points(V), points(V, seed=4)
    dx, dF = x - y, F.value(x) - F.value(y)
    square, inner = (dx * dx).sum(axis=0), (dF * dx).sum(axis=0)
    assert (inner / square).min() >= F.mu - 1e-12
    assert np.sqrt((dF * dF).sum(axis=0) / square).max() <= F.L + 1e-12
    assert ((inner - F.cocoercivity * (dF * dF).sum(axis=0)) / square).min() >= -1e-12
    off_centre = dF - F.centre @ dx
    assert np.sqrt((off_centre * off_centre).sum(axis=0) / square).max() <= F.spread + 1e-12
    J, steps = F.jacobian(x), 1e-6 * np.eye(F.dimension)
    columns = [(F.value(x + e[:, None]) - F.value(x - e[:, None])) / 2e-6 for e in steps]
    defect = np.abs(np.moveaxis(columns, 0, 1) - np.moveaxis(J, 0, -1)).max(axis=(0, 1))
    assert np.quantile(defect, 0.98) < 1e-5  # a few quotients reach over a kink
    assert np.abs(J - np.swapaxes(J, 1, 2)).max() == pytest.approx(2 * strength, abs=1e-12)


def test_the_cocoercivity_of_a_gradient_does_not_hold_with_a_skew_part() -> None:
    """Negative control: far out where V is flat, (F(x) - F(y))^T (x - y) is small beside |F(x) - F(y)|^2 / L."""
    V = POTENTIALS["log_cosh"]()
    plain, skew = gradient_field(V), with_skew(V, 0.4)
    assert (plain.cocoercivity, skew.cocoercivity) == (1 / V.L, 0)
    x, y = points(V), points(V, seed=4)
    dx, dF = x - y, skew.value(x) - skew.value(y)
    assert ((dF * dx).sum(axis=0) - (dF * dF).sum(axis=0) / skew.L).min() < 0


def test_total_variation_denoises_its_signal() -> None:
    """The minimiser varies less than the data, and more weight makes it flatter."""
    variations = [
        np.abs(np.diff(POTENTIALS["total_variation"](dimension=20, weight=w).minimiser)).sum() for w in (0.0, 0.1, 1.0)
    ]
    assert variations[0] > 1.2 * variations[1] > 1.2 * variations[2]
