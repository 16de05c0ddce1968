"""Certificates: a radius around each image in which no perturbation changes the class (Tsuzuku2018).

They hold for the network as it runs in float64: the computed logits of an image and of a perturbed image have errors,
which `Network.bounds` bounds and which are subtracted from the radius.
"""

import torch
from torch import Tensor

from geoflow.ground import GeoflowError, InputError
from geoflow.layers.rounding import UNIT
from geoflow.networks.network import Network

RELATIVE = 1e-12  # larger than the rounding errors of the radius itself


def margins(logits: Tensor, labels: Tensor) -> Tensor:
    """Margin f_y - max_{j != y} f_j for each row of logits (N, classes); positive if the class is correct."""
    own = logits.gather(1, labels[:, None]).squeeze(1)
    others = logits.scatter(1, labels[:, None], float("-inf"))
    return own - others.max(dim=1).values


def margin_radii(logits: Tensor, labels: Tensor, lipschitz: float) -> Tensor:
    """Certified radius margin / (sqrt(2) Lip): f_y - f_j is the product of f with a vector of norm sqrt(2)."""
    return margins(logits, labels) / (2**0.5 * lipschitz)


def pairwise_radii(logits: Tensor, labels: Tensor, weight: Tensor, body: float) -> Tensor:
    """Pairwise radius min_j (f_y - f_j) / (||w_y - w_j|| Lip(body)) for a linear last layer with rows w_j.

    f_y - f_j = <w_y - w_j, features> + const, and the features have the Lipschitz constant Lip(body).
    """
    gaps = logits.gather(1, labels[:, None]) - logits  # (N, classes)
    distances = torch.cdist(weight, weight, compute_mode="donot_use_mm_for_euclid_dist")
    # For equal rows the distance is zero and only the biases decide; the quotient must not become NaN.
    radii = gaps / (distances[labels] * body).clamp(min=1e-30)
    own = torch.nn.functional.one_hot(labels, logits.shape[1]).bool()
    return radii.masked_fill(own, float("inf")).min(dim=1).values


def certified_radii(
    network: Network, images: Tensor, labels: Tensor, claimed: float | None = None, unit: float = UNIT
) -> Tensor:  # fmt: skip
    """Certified radius of each image, shape (N,): the larger of both radii, not positive if the class is wrong.

    At every point within the radius, the class that the program computes is the label. network: a copy for evaluation
    (float64, evaluation mode), since estimated norms are not certified. claimed: a claimed constant that replaces the
    bound of the body, for negative controls only. unit: unit round-off of the arithmetic in which the network is run at
    the perturbed images, by default that of float64.
    """
    if network.training or images.dtype != torch.float64:
        raise InputError("a certificate needs `copy_for_evaluation(network)` and float64 images.")
    with torch.no_grad():
        logits = network(images)
    last, body = network.chain()[-1], network.body_bound() if claimed is None else claimed

    def radii(logits: Tensor) -> Tensor:
        whole = margin_radii(logits, labels, body * last.lipschitz_bound())
        return torch.maximum(whole, pairwise_radii(logits, labels, network.last_weight(), body))

    # Errors e of the features change f_y - f_j by at most 2 ||w_y - w_j|| e at two points together, as much as moving
    # the image by 2 e / Lip(body); errors d of the last layer change it by at most 2 sqrt(2) d.
    reach = images.flatten(1).norm(dim=1).max() + radii(logits).clamp(min=0).max()
    size, e = Network(network.chain()[:-1]).bounds(float(reach), unit)
    d = last.error_bound(size + e, unit)
    own = torch.nn.functional.one_hot(labels, logits.shape[1])
    return (1 - RELATIVE) * radii(logits - 2 * 2**0.5 * d * own) - 2 * e / body


def check_bound(found: float, bound: float, name: str) -> None:
    """Raise GeoflowError if the largest Jacobian norm found by search exceeds the bound."""
    if not found <= bound * (1 + 1e-9):
        raise GeoflowError(
            f"{name}: a Jacobian of norm {found:.6g} was found above the bound {bound:.6g}; "
            "the bound of one of its layers is wrong."
        )


def broken(radii: Tensor, flipped_at: Tensor) -> Tensor:
    """Mask (N,) of the images whose class is changed by a perturbation within their certified radius.

    radii (N,): certified radius; flipped_at (N,): norm of the smallest successful perturbation, infinite for none.
    """
    return (radii >= flipped_at) & (radii > 0)


def check_certificates(radii: Tensor, flipped_at: Tensor, name: str) -> None:
    """Raise GeoflowError if an attack changes the class of an image within its certified radius."""
    wrong = broken(radii, flipped_at)
    if wrong.any():
        i = int(wrong.nonzero()[0])
        raise GeoflowError(
            f"{name}: image {i} is certified within {float(radii[i]):.6g} but a perturbation of "
            f"norm {float(flipped_at[i]):.6g} changes its class ({int(wrong.sum())} such images); "
            "the Lipschitz bound of one of its layers is wrong."
        )
