"""AutoAttack beside our attack, and checks that detect deliberate mistakes."""

import pytest
import torch

from asking import train_from
from geoflow.ground.errors import GeoflowError, InputError
from geoflow.learning.attacks import Attack, check_reach, lengths
from geoflow.learning.auto_attack import AutoAttack
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate, flips_by_attack
from geoflow.networks.certificates import broken, check_certificates, margins
from geoflow.networks.network import Network, copy_for_evaluation

DATA = load({"name": "digits", "train": 400, "test": 60})
TRAINING = {"epochs": 8, "batch": 50, "learning_rate": 0.01}
QUICK = AutoAttack(queries=20, parts=("apgd-ce", "apgd-t"))
X, Y = torch.tensor(DATA.test.images).double(), torch.tensor(DATA.test.labels)


def network(loss: str = "cross_entropy", **architecture) -> Network:
    choice = {"label": "n", "architecture": {"name": "non_expansive", "depth": 2, **architecture}}
    losses = {"cross_entropy": {}, "offset_cross_entropy": {"offset": 0.6, "temperature": 0.1}}
    found, _ = train_from({**choice, "loss": {"name": loss, **losses[loss]}}, DATA, TRAINING, 0)
    return found


@pytest.fixture(scope="module")
def sound() -> Network:
    return network("offset_cross_entropy")


def flips(exact: Network, *attacks, eps: float = 0.5) -> dict[str, torch.Tensor]:
    return flips_by_attack(exact, X, Y, [eps], attacks, torch.Generator().manual_seed(0))


def test_both_attacks_agree_image_by_image(sound: Network) -> None:
    """They flip nearly the same images of a network whose gradients are honest."""
    exact = copy_for_evaluation(sound)
    ours, theirs = flips(exact, Attack(steps=40, restarts=2)), flips(exact, QUICK)
    differ = ours["pgd"].isinf() != theirs["auto_attack"].isinf()
    assert differ.double().mean() <= 0.05


def test_the_worst_over_all_attacks_counts(sound: Network) -> None:
    exact = copy_for_evaluation(sound)
    weak = Attack(steps=1, restarts=1, objectives=("cross_entropy",), relative_step=1.0)
    both = flips(exact, weak, QUICK)
    alone = flips(exact, weak)["pgd"]
    assert torch.equal(alone, both["pgd"])
    assert both["auto_attack"].isfinite().sum() > 0  # what the first one had missed
    worst = torch.stack(list(both.values())).amin(dim=0)
    assert worst.isfinite().sum() > alone.isfinite().sum()


def test_auto_attack_repeats_itself_and_leaves_the_global_random_state_alone(sound) -> None:
    before = torch.get_rng_state()
    fast = copy_for_evaluation(sound).float().requires_grad_(False)

    def points() -> torch.Tensor:
        generator = torch.Generator().manual_seed(3)
        return QUICK(fast, X.float(), Y, 0.4, generator)

    first = points()
    assert torch.equal(first, points())
    assert torch.equal(torch.get_rng_state(), before)
    assert lengths(first.double() - X, "l2").max() <= 0.4 * (1 + 1e-5)


def test_auto_attack_tries_the_sample_what_is_not_certified_and_some_that_is() -> None:
    radii = torch.tensor([0.9, 0.1, 0.8, 0.7, 0.2, 0.0])
    some = AutoAttack(images=5, certified=2)
    assert some.chosen(0.5, radii).tolist() == [True, True, True, False, True, False]
    assert not AutoAttack(eps=(0.3,)).chosen(0.5, radii).any()
    assert AutoAttack(certified=6).chosen(0.5, radii).all()


def test_the_boundary_attack_flips_a_linear_network_where_its_boundary_is_in_reach() -> None:
    """`fab-t`, which studies run at the larger scales alone."""
    torch.manual_seed(0)
    linear, images = torch.nn.Linear(16, 10), 0.4 + 0.2 * torch.rand(12, 1, 4, 4)
    network = torch.nn.Sequential(torch.nn.Flatten(), linear).requires_grad_(False)
    logits = network(images)
    label = logits.argmax(1)
    apart = torch.cdist(linear.weight[label][:, None], linear.weight[None].expand(12, -1, -1))[:, 0]
    distance = ((logits.amax(1, keepdim=True) - logits) / apart).nan_to_num(torch.inf).amin(1)
    eps = float(distance.median()) * 1.1
    found = AutoAttack(parts=("fab-t",))(network, images, label, eps, torch.Generator().manual_seed(0))
    assert torch.equal(network(found).argmax(1) != label, distance < eps)
    assert 0 < (distance < eps).sum() < 12


@pytest.mark.parametrize("wrong", [{"norm": "l1"}, {"images": -1}, {"parts": ("fgsm",)}])
def test_auto_attack_refuses_what_it_cannot_do(wrong: dict) -> None:
    with pytest.raises(InputError, match="auto_attack: expected"):
        AutoAttack(**wrong)


def test_an_attack_that_cannot_reach_the_boundary_fails_the_run(sound: Network) -> None:
    short = Attack(steps=10, relative_step=0.25)
    with pytest.raises(InputError, match="cannot reach the boundary"):
        evaluate(sound, DATA.test, [0.5], [short], torch.Generator(), name="short")
    check_reach(Attack(steps=10))
    check_reach(QUICK)
    with pytest.raises(InputError, match="certificates are for l2"):
        evaluate(sound, DATA.test, [0.5], [Attack(norm="linf")], torch.Generator(), name="linf")


def test_a_last_layer_that_is_left_out_of_the_bound_is_caught() -> None:
    exact = copy_for_evaluation(network(last="free"))
    assert exact.lipschitz_bound() > 1.5 * exact.body_bound()
    flipped_at = flips(exact, Attack(steps=20))["pgd"]
    with torch.no_grad():
        uncounted = margins(exact(X), Y) / (2**0.5 * exact.body_bound())
    assert broken(uncounted, flipped_at).double().mean() > 0.05
    with pytest.raises(GeoflowError, match="is certified within"):
        check_certificates(uncounted, flipped_at, "uncounted")


def test_a_step_ten_percent_too_long_has_no_bound_of_one() -> None:
    exact = copy_for_evaluation(network("offset_cross_entropy", relative_step=1.1))
    assert exact.lipschitz_bound() == pytest.approx(1.2**2)
    assert copy_for_evaluation(network("offset_cross_entropy")).lipschitz_bound() <= 1 + 1e-9
