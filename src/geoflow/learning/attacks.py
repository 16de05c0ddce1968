"""Projected gradient descent in the l2 and l-infinity balls (MadryMakelovSchmidtTsiprasVladu2018).

The step is 2.5 eps / steps, so the iterates can cross the ball; every attack keeps the best of its iterates. The
accuracy under attack is an upper bound of the robust accuracy, which a weak attack overestimates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import torch
from torch import Generator, Tensor

from geoflow.ground import InputError, Table
from geoflow.learning import settings
from geoflow.learning.losses import cross_entropy
from geoflow.networks.certificates import margins

TARGETS = 9
"""Number of wrong classes that the objective `targeted` uses, as in AutoAttack."""

Model = Callable[[Tensor], Tensor]
Ascent = Callable[[Tensor], Tensor]
"""Function of the logits (N, classes) that one run maximises, a sum or mean over the images."""
Objective = Callable[[Tensor, Tensor], list[Ascent]]
"""Constructor of the runs of an objective from the logits at the clean images and the labels."""


def cross_entropy_objective(clean: Tensor, labels: Tensor) -> list[Ascent]:
    """Cross-entropy -log softmax(f)_y."""
    loss = cross_entropy()
    return [lambda logits: loss(logits, labels)]


def margin_objective(clean: Tensor, labels: Tensor) -> list[Ascent]:
    """Negative margin max_{j != y} f_j - f_y, which does not saturate for confident networks."""
    return [lambda logits: -margins(logits, labels).sum()]


def targeted_objective(clean: Tensor, labels: Tensor) -> list[Ascent]:
    """Differences f_t - f_y for the most likely wrong classes t at the image, one run per class.

    The most likely wrong class need not be the one with the nearest decision boundary.
    """
    own = labels[:, None]
    others = clean.scatter(1, own, float("-inf"))
    ranked = others.argsort(dim=1, descending=True)[:, : min(TARGETS, clean.shape[1] - 1)]

    def towards(target: Tensor) -> Ascent:
        return lambda logits: (logits.gather(1, target) - logits.gather(1, own)).sum()

    return [towards(target) for target in ranked.split(1, dim=1)]


OBJECTIVES: Table[Objective] = Table(
    "objective", {"cross_entropy": cross_entropy_objective, "margin": margin_objective, "targeted": targeted_objective}
)


class Search(Protocol):
    """Protocol of an attack: it searches for a point within eps of each image that has a different class."""

    @property
    def name(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def box(self) -> bool: ...

    def chosen(self, eps: float, radii: Tensor) -> Tensor:
        """Mask (N,) of the images to attack at eps, given the certified radii (N,); by default all."""
        return torch.ones_like(radii, dtype=torch.bool)

    def __call__(self, network: Model, images: Tensor, labels: Tensor, eps: float, generator: Generator) -> Tensor:
        """Return the points found, of the shape of `images`."""


def check_norm(name: str, norm: str) -> None:
    """Raise InputError with the attack's `name` if the norm is neither "l2" nor "linf"."""
    if norm not in ("l2", "linf"):
        raise InputError(f"{name}: expected norm 'l2' or 'linf', got {norm!r}.")


@dataclass(kw_only=True)
class Attack(settings.Attack, Search):
    """Projected gradient descent (PGD) with given numbers of steps and restarts.

    The first run starts at the image, the others at random points of the ball; the objective `targeted` has one run per
    class, for TARGETS classes. norm: "l2" or "linf"; box: stay within [0, 1];
    relative_step: length of the whole path in units of eps.
    """

    norm: str = "l2"
    box: bool = True
    relative_step: float = 2.5
    name: str = "pgd"

    def __post_init__(self) -> None:
        check_norm("attack", self.norm)
        if self.steps < 1 or self.restarts < 1:
            raise InputError(f"attack: expected steps and restarts >= 1, got {self.steps} and {self.restarts}.")
        for name in self.objectives:
            OBJECTIVES[name]

    @property
    def gradients(self) -> int:
        """Number of gradient evaluations per image."""
        runs = sum(TARGETS if name == "targeted" else 1 for name in self.objectives)
        return (self.steps + 1) * self.restarts * runs

    def __call__(self, network: Model, images: Tensor, labels: Tensor, eps: float, generator: Generator) -> Tensor:
        if self.last:
            return last_iterate(network, images, labels, eps, self)
        return pgd(network, images, labels, eps, self, generator)


@contextmanager
def global_seed(generator: Generator, device: torch.device) -> Iterator[int]:
    """Seed torch's global random state from `generator` for an external package, and restore it at the end."""
    seed = int(torch.randint(2**31, (), generator=generator))
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield seed


def check_reach(attack: Search) -> None:
    """Raise InputError if the path is shorter than the radius of the ball, because such an attack
    cannot reach the boundary."""
    if isinstance(attack, Attack) and attack.relative_step < 1:
        raise InputError(
            f"attack {attack.name}: {attack.steps} steps travel at most {attack.relative_step:g} "
            "eps, so they cannot reach the boundary; expected a relative_step >= 1, try 2.5."
        )


def lengths(delta: Tensor, norm: str) -> Tensor:
    """Norm of each perturbation (N, ...) -> (N,)."""
    flat = delta.flatten(1)
    return flat.norm(dim=1) if norm == "l2" else flat.abs().amax(dim=1)


def project(x: Tensor, images: Tensor, eps: float, attack: Search) -> Tensor:
    """Project onto the ball around `images`, then onto [0, 1], which only shortens the perturbation."""
    delta = x - images
    if attack.norm == "l2":
        size = lengths(delta, "l2").clamp(min=1e-30)
        delta = delta * (eps / size).clamp(max=1.0).view(-1, *[1] * (x.dim() - 1))
    else:
        delta = delta.clamp(-eps, eps)
    moved = images + delta
    return moved.clamp(0.0, 1.0) if attack.box else moved


def pgd(network: Model, images: Tensor, labels: Tensor, eps: float, attack: Attack, generator: Generator) -> Tensor:
    """Return for each image the point of smallest margin over all iterates of all runs within eps."""
    best, lowest = images.clone(), torch.full((len(images),), float("inf"), device=images.device)
    step = attack.relative_step * eps / attack.steps
    with torch.no_grad():
        clean = network(images)
    runs = [run for name in attack.objectives for run in OBJECTIVES[name](clean, labels)]
    for ascend, restart in product(runs, range(attack.restarts)):
        x = images if restart == 0 else _random_start(images, eps, attack, generator)
        for _ in range(attack.steps + 1):
            x = x.detach().requires_grad_(True)
            logits = network(x)
            (gradient,) = torch.autograd.grad(ascend(logits), x)
            found = margins(logits.detach(), labels)
            better = found < lowest
            best = torch.where(better.view(-1, *[1] * (x.dim() - 1)), x.detach(), best)
            lowest = torch.where(better, found, lowest)
            x = project(x.detach() + step * _direction(gradient, attack.norm), images, eps, attack)
    return best


def last_iterate(network: Model, images: Tensor, labels: Tensor, eps: float, attack: Attack) -> Tensor:
    """Return the last iterate of PGD on the cross-entropy from each image, as MurariCode2025 does; only the input of
    the network is clipped to [0, 1], so that a part of the perturbation can be lost."""
    loss, delta = cross_entropy(), torch.zeros_like(images)
    step = attack.relative_step * eps / attack.steps
    for _ in range(attack.steps):
        delta.requires_grad_(True)
        (gradient,) = torch.autograd.grad(loss(network((images + delta).clamp(0.0, 1.0)), labels), delta)
        delta = delta.detach() + step * _direction(gradient, "l2")
        delta = delta * (eps / lengths(delta, "l2").clamp(min=1e-30)).clamp(max=1.0).view(-1, 1, 1, 1)
    return (images + delta).clamp(0.0, 1.0)


def _direction(gradient: Tensor, norm: str) -> Tensor:
    """Direction of steepest ascent of unit length in the norm, also for very small gradients."""
    if norm == "linf":
        return gradient.sign()
    tiny = torch.finfo(gradient.dtype).tiny
    scale = lengths(gradient, "linf").clamp(min=tiny).view(-1, *[1] * (gradient.dim() - 1))
    gradient = gradient / scale  # the squares of small components would underflow
    size = lengths(gradient, "l2").clamp(min=tiny).view_as(scale)
    return gradient / size


def _random_start(images: Tensor, eps: float, attack: Attack, generator: Generator) -> Tensor:
    """Random point, uniform in the ball; drawn on the CPU, so that it does not depend on the device."""
    flat = (len(images), images[0].numel())
    if attack.norm == "l2":
        direction = torch.randn(flat, generator=generator, dtype=torch.float64)
        radius = torch.rand((flat[0], 1), generator=generator, dtype=torch.float64)
        delta = direction / direction.norm(dim=1, keepdim=True) * radius ** (1 / flat[1])
    else:
        delta = 2 * torch.rand(flat, generator=generator, dtype=torch.float64) - 1
    shift = (eps * delta).to(images).view_as(images)
    return project(images + shift, images, eps, attack)
