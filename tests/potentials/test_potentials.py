"""Laws of every potential: the gradient is the gradient, and L and mu are its constants."""

import numpy as np
import pytest

from geoflow.errors import InputError, SolveError
from geoflow.potentials import POTENTIALS, Potential
from geoflow.registry import lookup


@pytest.fixture(params=sorted(POTENTIALS))
def potential(request: pytest.FixtureRequest) -> Potential:
    return POTENTIALS[request.param]()


def points(potential: Potential, count: int = 400, seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    scales = 10 ** random.uniform(-2, 2, count)
    offset = potential.minimiser[:, None]
    return offset + scales * random.standard_normal((potential.dimension, count))


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
    columns = [
        (potential.gradient(x + e) - potential.gradient(x - e)) / (2 * eps)
        for e in eps * np.eye(d)[:, :, None]
    ]
    quotient = np.moveaxis(np.stack(columns), -1, 0)  # (N, j, i), and the Hessian is symmetric
    defect = np.abs(quotient - potential.hessian(x)).max(axis=(1, 2))
    assert np.quantile(defect, 0.98) < 1e-6  # a few quotients reach over a kink


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
        np.testing.assert_allclose(
            potential.gradient(alone), potential.gradient(x)[:, k], atol=1e-13
        )
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
    ],
)
def test_a_parameter_that_breaks_convexity_is_refused(name: str, wrong: dict) -> None:
    with pytest.raises(InputError, match="needs"):
        POTENTIALS[name](**wrong)


def test_an_unknown_potential_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'log_cosh'"):
        lookup(POTENTIALS, "logcosh")


def test_a_relu_network_rests_at_its_minimiser() -> None:
    """With leak = 0 the minimisers form a cone; the potential vanishes there, strictly beyond too."""
    V = POTENTIALS["softplus_network"](dimension=3, leak=0.0)
    assert V.mu == 0
    assert V.value(V.minimiser) == pytest.approx(0, abs=1e-30)
    assert V.value(V.minimiser - 1.0) == 0
