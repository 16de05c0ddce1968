"""Attacks reach the boundary of the ball, stay in it, and find the optimum where it is known."""

import pytest
import torch

from geoflow.ground.errors import InputError
from geoflow.learning.attacks import OBJECTIVES, Attack, lengths, pgd

NORMS = ["l2", "linf"]
WEIGHT = torch.randn(3, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def linear(x: torch.Tensor) -> torch.Tensor:
    return x.flatten(1) @ WEIGHT.T


def sample(number: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(number, 4, 4, generator=generator, dtype=torch.float64)
    return images, linear(images).argmax(dim=1)


def attacked(eps: float, attack: Attack, seed: int = 0) -> torch.Tensor:
    return pgd(linear, *sample(), eps, attack, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("objective", sorted(OBJECTIVES))
@pytest.mark.parametrize("steps", [1, 10])
def test_an_attack_reaches_the_boundary_of_the_ball(norm: str, objective: str, steps: int) -> None:
    attack = Attack(norm=norm, steps=steps, restarts=1, objectives=(objective,), box=False)
    sizes = lengths(attacked(0.5, attack) - sample()[0], norm)
    assert sizes.max() <= 0.5 * (1 + 1e-12)
    assert (sizes > 0.5 * (1 - 1e-9)).all()


@pytest.mark.parametrize("norm", NORMS)
def test_a_step_that_is_too_short_cannot_reach_the_boundary(norm: str) -> None:
    """Ten steps of 0.025 eps each, the default of a common library, go a quarter of the way."""
    attack = Attack(norm=norm, steps=10, restarts=1, box=False, relative_step=0.25)
    sizes = lengths(attacked(0.5, attack) - sample()[0], norm)
    assert sizes.max() <= 0.126


def test_against_a_linear_classifier_the_attack_is_optimal() -> None:
    """The smallest margin in the l2 ball is min_j (f_y - f_j) - eps ||w_y - w_j||."""
    images, labels = sample()
    eps, logits = 0.4, linear(images)
    reach = torch.cdist(WEIGHT, WEIGHT)[labels]
    gaps = logits.gather(1, labels[:, None]) - logits - eps * reach
    gaps[torch.arange(len(labels)), labels] = float("inf")
    worst = linear(attacked(eps, Attack(steps=100, restarts=5, box=False)))
    own = worst.gather(1, labels[:, None]).squeeze(1)
    others = worst.scatter(1, labels[:, None], float("-inf")).max(dim=1).values
    # An image whose two nearest rivals are equally near is the hard case: PGD may settle for the other.
    close = (own - others - gaps.min(dim=1).values).abs() < 1e-3
    assert close.double().mean() >= 0.9
    assert ((own - others) >= gaps.min(dim=1).values - 1e-9).all()


def test_the_targeted_objective_finds_the_class_that_is_nearest_though_not_most_likely() -> None:
    """Class 1 is second at the image, but its boundary is 0.9 away; class 2 is last, at a distance of 0.3."""
    rows = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 10.0]]).double()
    shift = torch.tensor([0.0, -0.9, -3.0]).double()

    def network(x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1) @ rows.T + shift

    image, label = torch.zeros(1, 1, 1, 2).double(), torch.tensor([0])

    def flipped(objective: str) -> bool:
        # The gradient of the margin sees class 1 alone as long as that is second.
        attack = Attack(steps=1, restarts=1, objectives=(objective,), box=False, relative_step=1.0)
        point = pgd(network, image, label, 0.5, attack, torch.Generator())
        return bool(network(point).argmax() != 0)

    assert flipped("targeted")
    assert not flipped("margin")


def test_each_target_is_one_of_the_most_likely_wrong_classes() -> None:
    clean = torch.tensor([[3.0, 1.0, 2.0, 0.0], [0.0, 5.0, 4.0, 6.0]])
    runs = OBJECTIVES["targeted"](clean, torch.tensor([0, 1]))
    values = [float(run(clean)) for run in runs]
    assert values == [(2 - 3) + (6 - 5), (1 - 3) + (4 - 5), (0 - 3) + (0 - 5)]
    assert Attack(steps=4, restarts=2, objectives=("margin", "targeted")).gradients == 100


@pytest.mark.parametrize("norm", NORMS)
def test_restarts_begin_at_points_of_their_own(norm: str) -> None:
    """Around the image the network is flat: who begins there stays there, and flips nothing."""
    images, labels = torch.full((20, 1, 4, 4), 0.5).double(), torch.zeros(20, dtype=torch.int64)

    def network(x: torch.Tensor) -> torch.Tensor:
        away = lengths(x - 0.5, norm)
        return torch.stack([torch.full_like(away, 0.2), (away - 0.1).relu()], dim=1)

    def survivors(restarts: int) -> int:
        attack = Attack(norm=norm, steps=5, restarts=restarts)
        points = pgd(network, images, labels, 0.4, attack, torch.Generator().manual_seed(0))
        return int((network(points).argmax(dim=1) == 0).sum())

    assert survivors(1) == 20
    assert survivors(2) == 0


@pytest.mark.parametrize("norm", NORMS)
def test_the_first_run_begins_at_the_image_and_the_others_fill_the_ball(norm: str) -> None:
    seen = []

    def watched(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.detach())
        return linear(x)

    attack = Attack(norm=norm, steps=1, restarts=4, objectives=("margin",), box=False)
    pgd(watched, *sample(), 0.3, attack, torch.Generator().manual_seed(0))
    starts = seen[1::2]  # after the images themselves, two points a run
    first, *others = [lengths(x - sample()[0], norm) for x in starts]
    assert len(others) == 3
    assert (first == 0).all()
    assert all(((sizes > 0) & (sizes <= 0.3)).all() for sizes in others)
    assert torch.stack(others).unique().numel() == 60


@pytest.mark.parametrize("norm", NORMS)
def test_an_attack_stays_in_the_ball_and_in_the_box(norm: str) -> None:
    points = attacked(0.7, Attack(norm=norm, steps=7, restarts=3))
    assert lengths(points - sample()[0], norm).max() <= 0.7 * (1 + 1e-12)
    assert points.min() >= 0
    assert points.max() <= 1


def test_equal_seeds_attack_equally() -> None:
    attack = Attack(steps=3, restarts=3)
    assert torch.equal(attacked(0.3, attack), attacked(0.3, attack))


def test_a_vanishing_gradient_still_moves() -> None:
    """Logits of scale 1e-25 have gradients whose squares underflow in float32."""
    images, labels = sample()
    small = (1e-25 * WEIGHT).float()

    def network(x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1) @ small.T

    attack = Attack(steps=5, restarts=1, objectives=("margin",), box=False)
    points = pgd(network, images.float(), labels, 0.5, attack, torch.Generator().manual_seed(0))
    assert (lengths(points - images.float(), "l2") > 0.49).all()


@pytest.mark.parametrize("wrong", [{"norm": "l1"}, {"steps": 0}, {"restarts": 0}, {"objectives": ("crossentropy",)}])
def test_an_attack_refuses_what_it_cannot_do(wrong: dict) -> None:
    with pytest.raises(InputError):
        Attack(**wrong)
