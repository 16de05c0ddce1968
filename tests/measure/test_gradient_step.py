"""Steps on monotone fields: their equations are solved over kinks at any step size; their derivative is theirs."""

import numpy as np
import pytest

from geoflow.ground.errors import SolveError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.families.solvers import newton
from geoflow.measure.expansion import sample
from geoflow.measure.gradient_step import flow_step, stages, step_jacobian
from geoflow.potentials import POTENTIALS, MonotoneField, gradient_field, with_skew

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}
IMPLICIT = [name for name, m in RUNGE_KUTTA.items() if not m.explicit]
KINKED = [
    ("huber", {"dimension": 3, "terms": 6}),
    ("softplus_network", {"dimension": 4, "neurons": 4, "leak": 0.0}),
    ("p_norm", {"p": 1.0, "threshold": 0.01}),
]


def kinked(name: str, parameters: dict) -> tuple[MonotoneField, np.ndarray]:
    F = gradient_field(POTENTIALS[name](**parameters))
    return F, sample(F, 40, seed=5)


@pytest.mark.parametrize(("name", "parameters"), KINKED)
@pytest.mark.parametrize("method", IMPLICIT)
def test_stages_are_solved_over_kinks_at_any_step(method: str, name: str, parameters: dict) -> None:
    """Y = x - h A F(Y), to round-off, where Newton's method alone cycles."""
    F, x = kinked(name, parameters)
    A = RUNGE_KUTTA[method].as_floats()[0]
    for hL in (3.0, 100.0):
        h = hL / F.L
        Y = stages(RUNGE_KUTTA[method], F, h, x)
        slopes = np.stack([F.value(y) for y in Y])
        defect = Y - x + h * np.tensordot(A, slopes, 1)
        assert np.abs(defect).max() < 1e-12 * (1 + np.abs(x).max()) * (1 + hL)


def test_newtons_method_alone_cycles_where_the_steps_are_solved() -> None:
    """The reference step is given the same equations: it does not come to an end."""
    F, _ = kinked(*KINKED[0])
    x = sample(F, 200, seed=5)

    def field(t, y):
        return -F.value(y[:, None])[:, 0]

    with pytest.raises(SolveError):
        [RUNGE_KUTTA["gauss_2"].step(field, 0.0, one, 10 / F.L, newton) for one in x.T]
    assert np.isfinite(flow_step(RUNGE_KUTTA["gauss_2"], F, 10 / F.L, x)).all()


@pytest.mark.parametrize("method", [n for n, m in RUNGE_KUTTA.items() if m.stages <= 4])
def test_the_derivative_is_the_limit_of_difference_quotients(method: str) -> None:
    V = POTENTIALS["total_variation"](dimension=4)
    F = with_skew(V, 0.5)
    x, h, e = sample(F, 8, seed=2), 1.5 / F.L, 1e-6
    J = step_jacobian(RUNGE_KUTTA[method], F, h, x)
    for k, unit in enumerate(np.eye(4)):
        there, back = (flow_step(RUNGE_KUTTA[method], F, h, x + s * e * unit[:, None]) for s in (1, -1))
        np.testing.assert_allclose((there - back).T / (2 * e), J[:, :, k], atol=2e-8)


@pytest.mark.parametrize("method", ["rk4", "ssprk_10_4", "gauss_2", "sdirk_3", "lobatto_iiib_3"])
def test_a_step_is_the_reference_step(method: str) -> None:
    V = POTENTIALS["log_cosh"](dimension=3)
    F, h = gradient_field(V), 1.2
    x = sample(F, 10, seed=1)
    reference = RUNGE_KUTTA[method].step(lambda t, y: -V.gradient(y), 0.0, x, h)
    np.testing.assert_allclose(flow_step(RUNGE_KUTTA[method], F, h, x), reference, atol=1e-12)


@pytest.mark.parametrize("method", ["heun_2", "trapezoidal", "implicit_midpoint"])
def test_distances_grow_by_no_more_than_the_largest_derivative(method: str) -> None:
    """The step along a segment is the integral of its derivative: pairs confirm what the norms say."""
    F, _ = kinked(*KINKED[0])
    x, y = sample(F, 300, seed=3), sample(F, 300, seed=4)
    h = 5 / F.L
    fx, fy = (flow_step(RUNGE_KUTTA[method], F, h, z) for z in (x, y))
    ratios = np.linalg.norm(fx - fy, axis=0) / np.linalg.norm(x - y, axis=0)
    points = np.concatenate([x + s * (y - x) for s in np.linspace(0, 1, 41)], axis=1)
    norms = np.linalg.norm(step_jacobian(RUNGE_KUTTA[method], F, h, points), 2, axis=(1, 2))
    assert ratios.max() <= norms.max() + 1e-9


@pytest.mark.parametrize("method", ["rk4", "trapezoidal", "gauss_2"])
def test_every_column_may_have_its_own_step(method: str) -> None:
    F, x = kinked("huber", {"dimension": 3, "terms": 6})
    h = np.geomspace(0.1, 20, x.shape[1])
    together = step_jacobian(RUNGE_KUTTA[method], F, h, x)
    for k in range(0, x.shape[1], 7):
        alone = step_jacobian(RUNGE_KUTTA[method], F, float(h[k]), x[:, [k]])
        np.testing.assert_allclose(together[k], alone[0], rtol=1e-9, atol=1e-12)
