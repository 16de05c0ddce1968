"""Steps of torch tensors carry gradients, in every family; implicit ones those of the implicit function theorem."""

import numpy as np
import pytest
import torch
from examples import FREE, SHAKEN, bead, suited

from geoflow import METHODS
from geoflow.ground.errors import InputError
from geoflow.integrators.families.solvers import fixed_point
from geoflow.integrators.step import one_step
from geoflow.theory.structure import symplectic

H, T = 0.1, 0.3
CASES = (*SHAKEN, bead(), *FREE)


def jacobian(phi, y):
    """d phi / d y, shape (d, d), by torch."""
    return torch.autograd.functional.jacobian(lambda x: phi(T, x, H), torch.tensor(y))


def differences(phi, y):
    """The same by central differences of the float64 step, in NumPy."""
    shifts = 1e-5 * np.eye(len(y))
    return np.stack([(phi(T, y + e, H) - phi(T, y - e, H)) / 2e-5 for e in shifts], axis=1)


def misfit(name, problem):
    phi = one_step(METHODS[name], problem)
    return float(np.abs(jacobian(phi, problem.y0).numpy() - differences(phi, problem.y0)).max())


@pytest.mark.parametrize("name", METHODS)
def test_the_gradient_of_every_method_is_that_of_differences(name):
    """On a nonlinear problem, which depends on time where the method allows it."""
    problem = suited(CASES, METHODS[name])
    phi = one_step(METHODS[name], problem)
    J, expected = jacobian(phi, problem.y0).numpy(), differences(phi, problem.y0)
    assert np.abs(J - expected).max() < 1e-6
    there = phi(T, torch.tensor(problem.y0), H).numpy()
    assert np.abs(there - phi(T, problem.y0, H)).max() < 1e-13 * (1 + np.abs(there).max())
    if symplectic(METHODS[name]) and problem.hamiltonian is not None:
        W = np.kron([[0, 1], [-1, 0]], np.eye(len(J) // 2))
        assert np.abs(J.T @ W @ J - W).max() < 1e-12


def one_sweep(method, f, t, y, h, c, stage):
    """The stages, and the derivative of a single iteration from them."""
    with torch.no_grad():
        K = fixed_point(method, f, t, y, h, c, stage)
    return [f(t + c_i * h, stage(i, K)) for i, c_i in enumerate(c)]


@pytest.mark.parametrize("name", ["implicit_midpoint", "gauss_2", "lobatto_iiia_iiib_3"])
def test_the_derivative_of_an_iteration_that_stops_early_is_wrong(name):
    problem = bead()
    assert misfit(name, problem) < 1e-6
    phi = one_step(METHODS[name], problem)
    expected = differences(phi, problem.y0)

    def early(t, y, h):
        return METHODS[name].step(problem.vector_field, t, y, h, one_sweep)

    assert np.abs(jacobian(early, problem.y0).numpy() - expected).max() > 1e-5


def test_gradients_reach_the_parameters_of_a_field_too():
    k = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([1.0], dtype=torch.float64)
    stepped = METHODS["implicit_midpoint"].step(lambda t, x: -k * x, 0.0, y, H)
    stepped.sum().backward()
    # y_1 = (1 - h k / 2) / (1 + h k / 2)
    assert float(k.grad) == pytest.approx(-H / (1 + H) ** 2, rel=1e-12)


def test_what_carries_no_gradients_says_so():
    y = torch.tensor(bead().y0)
    with pytest.raises(InputError, match="Newton's method for stages does not propagate gradients"):
        one_step(METHODS["gauss_2"], bead(), newton=True)(T, y, H)
    problem = suited(FREE, METHODS["kahan"])
    with pytest.raises(InputError, match=r"expected a tensor of shape \(d,\), got \(4, 2\)"):
        one_step(METHODS["kahan"], problem)(T, torch.ones(4, 2), H)
