"""Networks of several seeds trained at once learn what each learns alone."""

import pytest
import torch

from geoflow.ground.errors import InputError
from geoflow.learning.together import draw_as_torch, fit_together, shuffled
from geoflow.learning.training import fit
from geoflow.learning.trials import stream
from geoflow.networks.network import build

LAYERS = [{"layer": "residual", "activation": "tanh", "h": None}, {"layer": "hamiltonian", "hidden": 1, "h": None}]
ONE_CYCLE = {"name": "OneCycleLR", "max_lr": 0.05, "total_steps": 10, "pct_start": 0.4}


def trained(seeds, schedule=ONE_CYCLE):
    networks = [build(LAYERS, 2, stream(seed, 0)) for seed in seeds]
    x = torch.stack([torch.rand(12, 2, generator=stream(seed, 1)) for seed in seeds])
    random = [stream(seed, 1) for seed in seeds]

    def loss(outputs, y, weights):
        return (outputs - y).square().mean()

    losses = fit_together(networks, x, x.flip(2), loss, 5, random, 10, 0.01, schedule=schedule)
    return [torch.cat([w.flatten() for w in one.parameters()]).detach() for one in networks], losses


def test_a_network_learns_the_same_alone_and_among_others():
    together, losses = trained([0, 1, 2])
    alone, loss = trained([1])
    assert torch.allclose(together[1], alone[0], atol=1e-6)
    assert float(losses[1]) == pytest.approx(float(loss[0]), rel=1e-3)
    assert not torch.allclose(together[0], together[1], atol=1e-2)


def test_each_pass_has_every_row_once_and_the_rest_is_a_small_batch():
    batches = shuffled(7, 3, [stream(0, 1), stream(1, 1)])
    first = [next(batches) for _ in range(3)]
    assert [one.shape[1] for one in first] == [3, 3, 1]
    rows = torch.cat(first, dim=1)
    assert rows.sort(dim=1).values.tolist() == [list(range(7))] * 2
    assert rows[0].tolist() != rows[1].tolist()


def test_the_one_cycle_schedule_lowers_the_first_beta_of_adam_to_its_peak():
    weight, seen = torch.nn.Parameter(torch.ones(1)), []
    make = torch.optim.Adam

    class Watched(make):
        def step(self, *given):
            seen.append(self.param_groups[0]["betas"][0])
            return super().step(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim, "Adam", Watched)
        fit([weight], lambda: weight.square().sum(), 10, 0.01, schedule=ONE_CYCLE)
    assert (seen[0], min(seen), seen[-1]) == pytest.approx((0.95, 0.85, 0.95), abs=1e-3)


def test_an_unknown_schedule_is_refused():
    with pytest.raises(InputError, match=r"expected the name of a class of torch\.optim\.lr_scheduler, got 'OneCycle'"):
        trained([0], {"name": "OneCycle"})


def test_a_trained_step_is_used_as_it_is_drawn_and_settled():
    network = build([{"layer": "conservative", "h": None, "triangle": True, "activation": "relu"}], 4, stream(5, 0))
    (layer,) = network.chain()
    x = torch.rand(6, 4, generator=stream(0, 1))
    y = network(x)
    assert torch.allclose(y.sum(dim=1), x.sum(dim=1), atol=1e-5)
    assert layer.h == pytest.approx(float(layer.free_step.detach()))
    assert torch.allclose(y, x + layer.h * layer.field(0.0, x), atol=1e-6)
    # S has the entries above the diagonal, and the step adds the sums of its columns: here with the other sign.
    S = torch.zeros(6, 4, 4)
    S[:, *torch.triu_indices(4, 4, 1)] = torch.relu(torch.relu(x @ layer.A.T + layer.b) @ layer.C.T + layer.c)
    assert torch.allclose(layer.field(0.0, x), -(S - S.mT).sum(dim=1), atol=1e-5)
    with torch.no_grad():
        layer.free_step.fill_(-2.0)
    assert network.eval().chain()[0].h == -2.0


def test_initial_weights_are_those_of_torch_and_normal_in_hamiltonian_layers():
    network = build([{"layer": "residual", "h": None}, {"layer": "hamiltonian", "h": None}], 400, stream(0, 0))
    steps = [float(layer.free_step.detach()) for layer in network.chain()]
    draw_as_torch(network, stream(1, 0))
    residual, hamiltonian = network.chain()
    assert float(residual.A.detach().abs().max()) == pytest.approx(0.05, rel=1e-3)
    assert float(hamiltonian.B.detach().std()) == pytest.approx(1.0, rel=0.02)
    assert [float(layer.free_step.detach()) for layer in network.chain()] == steps


def test_the_bound_of_a_mass_preserving_layer_with_a_triangle_is_sound():
    network = build([{"layer": "conservative", "hidden": 9, "h": 0.5, "triangle": True}], 5, stream(2, 0)).double()
    from geoflow.networks.jacobian import jacobian_norms

    x = 3 * torch.randn(200, 5, generator=stream(0, 1), dtype=torch.float64)
    assert float(jacobian_norms(network.eval(), x).max()) <= network.lipschitz_bound()
