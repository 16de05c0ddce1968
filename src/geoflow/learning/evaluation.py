"""One trained network under test: certificates, attacks, and the checks that hold the two
together."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from geoflow.learning.attacks import Attack, lengths, pgd, project
from geoflow.learning.datasets import Split
from geoflow.networks.certificates import (
    certified_radii,
    check_bound,
    check_certificates,
    margins,
)
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.networks.network import Network, settled

CHUNK = 1000
STARTS = 64


@dataclass(frozen=True)
class Evaluation:
    """For each image (N,): radii, its certified radius; flipped_at, the norm of the smallest flip
    found (0 when the clean class is wrong, infinite when no attack succeeded). For the network:
    bound >= found."""

    radii: Tensor
    flipped_at: Tensor
    bound: float
    found: float

    def certified(self, eps: float) -> int:
        """Images that no perturbation of norm eps or less can flip."""
        return int((self.radii > eps).sum())

    def attacked(self, eps: float) -> int:
        """Images that survive all attacks of norm eps or less."""
        return int((self.flipped_at > eps).sum())


def evaluate(
    network: Network,
    split: Split,
    eps: Sequence[float],
    attack: Attack,
    generator: torch.Generator,
    *,
    name: str,
    device: torch.device | str = "cpu",
) -> Evaluation:
    """Certify and attack every image; l2 throughout.

    Raises GeoflowError when a Jacobian exceeds the bound or an attack flips a certified image.
    """
    exact = settled(network)
    images, labels = torch.tensor(split.images).double(), torch.tensor(split.labels)
    found = largest_jacobian_norm(exact, images[:STARTS], generator)
    bound = exact.lipschitz_bound()
    check_bound(found, bound, name)
    radii = certified_radii(exact, images, labels)
    flipped_at = smallest_flips(exact, images, labels, eps, attack, generator, device)
    check_certificates(radii, flipped_at, name)
    return Evaluation(radii, flipped_at, bound, found)


def smallest_flips(
    exact: Network,
    images: Tensor,
    labels: Tensor,
    eps: Sequence[float],
    attack: Attack,
    generator: torch.Generator,
    device: torch.device | str = "cpu",
) -> Tensor:
    """Norm of the smallest perturbation found that changes the class of each image (N,).

    The attack runs in float32 on `device`; whether a point is a flip is decided by the settled
    network in float64. An image flipped at a smaller eps is flipped at a larger one, and is not
    attacked again.
    """
    fast = copy.deepcopy(exact).to(device, torch.float32).requires_grad_(False)
    with torch.no_grad():
        right = margins(exact(images), labels) > 0
    flipped_at = torch.where(right, float("inf"), 0.0).to(images)
    for radius in sorted(eps):
        for rows in flipped_at.isinf().nonzero().flatten().split(CHUNK):
            x, y = images[rows], labels[rows]
            points = pgd(fast, x.to(device, torch.float32), y.to(device), radius, attack, generator)
            points = project(points.to(images), x, radius, attack)
            with torch.no_grad():
                flipped = ~(margins(exact(points), y) > 0)
            size = lengths(points - x, attack.norm).clamp(max=radius)
            flipped_at[rows] = torch.where(flipped, size, flipped_at[rows])
    return flipped_at
