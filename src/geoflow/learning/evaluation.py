"""Evaluation of a trained network: certificates, attacks, and consistency checks between the two."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from geoflow.ground import InputError
from geoflow.learning import settings
from geoflow.learning.attacks import Attack, Search, check_reach, lengths, project
from geoflow.learning.datasets import Split
from geoflow.learning.training import tensors
from geoflow.networks.certificates import certified_radii, check_bound, check_certificates, margins
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.networks.network import Network, copy_for_evaluation

CHUNK = 1000
STARTS = 64


@dataclass(frozen=True)
class Evaluation:
    """Results per image (N,): radii, the certified radii; flips, for each attack the norm of the smallest perturbation
    that changes the class (0 if the clean class is wrong, infinite if none was found). For the network: the Lipschitz
    bound `bound` and the largest Jacobian norm `found`, found <= bound."""

    radii: Tensor
    flips: Mapping[str, Tensor]
    bound: float
    found: float

    @property
    def flipped_at(self) -> Tensor:
        """Smallest successful perturbation over all attacks, per image (N,)."""
        return torch.stack(list(self.flips.values())).amin(dim=0)

    def certified(self, eps: float) -> int:
        """Number of images whose class no perturbation of norm at most eps can change."""
        return int((self.radii > eps).sum())

    def attacked(self, eps: float) -> int:
        """Number of images that survive all attacks of norm at most eps."""
        return int((self.flipped_at > eps).sum())


def evaluate(
    network: Network, split: Split, eps: Sequence[float], attacks: Sequence[Search],
    generator: torch.Generator, *, name: str, device: torch.device | str = "cpu",
) -> Evaluation:  # fmt: skip
    """Certify and attack every image in the l2 norm.

    Raises GeoflowError if a Jacobian norm exceeds the bound or an attack changes the class of a certified
    image, and InputError if an attack cannot reach the boundary of the ball.
    """
    for attack in attacks:
        check_reach(attack)
        if attack.norm != "l2":
            raise InputError(f"{name}: certificates are for l2, got an attack in {attack.norm}.")
    exact = copy_for_evaluation(network)
    images, labels = torch.tensor(split.images).double(), torch.tensor(split.labels)
    found = largest_jacobian_norm(exact, images[:STARTS], generator)
    bound = exact.lipschitz_bound()
    check_bound(found, bound, name)
    radii = certified_radii(exact, images, labels)
    flips = flips_by_attack(exact, images, labels, eps, attacks, generator, device, radii=radii)
    result = Evaluation(radii, flips, bound, found)
    check_certificates(radii, result.flipped_at, name)
    return result


def flips_by_attack(
    exact: Network, images: Tensor, labels: Tensor, eps: Sequence[float], attacks: Sequence[Search],
    generator: torch.Generator, device: torch.device | str = "cpu", *, radii: Tensor | None = None,
) -> dict[str, Tensor]:  # fmt: skip
    """Norm of the smallest successful perturbation of each image (N,), for each attack.

    The attacks run in float32 on `device`; the float64 copy for evaluation decides whether a point changes
    the class. Each attack receives the images that survived the previous ones, and an image with a successful
    perturbation at a smaller eps is not attacked again. radii: certified radii.
    """
    fast = copy.deepcopy(exact).to(device, torch.float32).requires_grad_(False)
    with torch.no_grad():
        right = margins(exact(images), labels) > 0
    clean = torch.where(right, float("inf"), 0.0).to(images)
    radii = torch.zeros_like(clean) if radii is None else radii
    flips = {attack.name: clean.clone() for attack in attacks}
    for radius in sorted(eps):
        for attack in attacks:
            own = flips[attack.name]
            unbroken = torch.stack(list(flips.values())).isinf().all(dim=0)
            left = (unbroken & attack.chosen(radius, radii)).nonzero().flatten()
            for rows in left.split(CHUNK) if radius > 0 and len(left) else ():
                x, y = images[rows], labels[rows]
                points = attack(fast, x.to(device, torch.float32), y.to(device), radius, generator)
                own[rows] = flip_sizes(exact, points, x, y, radius, attack)
    return flips


def survivors(network: Network, split: Split, eps: float, attack: settings.Attack, device: torch.device | str) -> int:
    """Number of images that keep the right class at the last iterate of the attack (see `last_iterate`)."""
    exact, search = copy_for_evaluation(network), Attack(**{**vars(attack), "last": True})
    fast = copy.deepcopy(exact).to(device, torch.float32).requires_grad_(False)
    right = 0
    for x, y in zip(*(part.split(100) for part in tensors(split, device)), strict=True):
        points = search(fast, x, y, eps, torch.Generator()) if eps else x
        with torch.no_grad():
            right += int((exact(points.to("cpu", torch.float64)).argmax(dim=1) == y.cpu()).sum())
    return right


def flip_sizes(exact: Network, points: Tensor, images: Tensor, labels: Tensor, eps: float, attack: Search) -> Tensor:
    """Norm of each perturbation (N,) after projection onto the ball in float64; infinite if the class is unchanged."""
    points = project(points.to(images), images, eps, attack)
    with torch.no_grad():
        flipped = ~(margins(exact(points), labels) > 0)
    size = lengths(points - images, attack.norm).clamp(max=eps)
    return torch.where(flipped, size, float("inf"))
