"""The steps through which a Hamiltonian is learnt are those of its methods, and the data are exact."""

import numpy as np
import pytest
import torch

from geoflow.integrators import METHODS
from geoflow.learning.trials import stream
from geoflow.studies.robust.learned_hamiltonian.study import MASS, Hamiltonians, exact_force, orbits


@pytest.fixture
def learnt() -> Hamiltonians:
    return Hamiltonians([5, 10, 10, 5], [stream(seed, 0) for seed in (0, 1)]).double().requires_grad_(False)


def states() -> torch.Tensor:
    return torch.randn(2, 7, 4, generator=stream(2, 0), dtype=torch.float64)


def test_it_has_the_published_number_of_weights(learnt: Hamiltonians) -> None:
    assert sum(w[0].numel() for w in learnt.parameters()) == 249  # 245 of V, 4 of A


def test_the_force_is_the_gradient_of_the_potential(learnt: Hamiltonians) -> None:
    q = states()[..., :2].requires_grad_()
    (gradient,) = torch.autograd.grad((learnt.inner(q)[-1] * learnt.w).sum(), q)
    assert torch.allclose(learnt.force(q), -gradient, atol=1e-14)


@pytest.mark.parametrize(("name", "first_kick"), [("stormer_verlet", 0.5), ("symplectic_euler", 1.0)])
def test_the_steps_are_those_of_the_method(learnt: Hamiltonians, name: str, first_kick: float) -> None:
    x, h = states(), 0.1
    mass = learnt.A @ learnt.A.mT

    def drift(t, z, h):
        return torch.cat([z[..., :2] + h * z[..., 2:] @ mass, z[..., 2:]], dim=2)

    def kick(t, z, h):
        return torch.cat([z[..., :2], z[..., 2:] + h * learnt.force(z[..., :2])], dim=2)

    found = learnt(x, h, 3, first_kick)
    for step in range(3):
        x = METHODS[name].step({"A": drift, "B": kick}, 0.0, x, h)
        assert torch.allclose(found[:, :, step], x, atol=1e-13)


def test_orbits_conserve_the_energy() -> None:
    found = orbits(exact_force, MASS, states(), np.linspace(0, 0.12, 4))
    q, p = found.chunk(2, dim=3)
    energy = (q**4 / 4 + q**2 / 2).sum(dim=3) + ((p @ MASS) * p).sum(dim=3) / 2
    assert torch.allclose(energy, energy[:, :, :1], rtol=1e-9)
