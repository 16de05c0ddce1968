"""Certificates: a radius around each image in which no perturbation changes the class (Tsuzuku2018)."""

import torch
from torch import Tensor

from geoflow.ground import GeoflowError, InputError
from geoflow.networks.network import Network


def margins(logits: Tensor, labels: Tensor) -> Tensor:
    """f_y - max_{j != y} f_j for each row of logits (N, classes); positive where the class is right."""
    own = logits.gather(1, labels[:, None]).squeeze(1)
    others = logits.scatter(1, labels[:, None], float("-inf"))
    return own - others.max(dim=1).values


def margin_radii(logits: Tensor, labels: Tensor, lipschitz: float) -> Tensor:
    """margin / (sqrt(2) Lip): f_y - f_j is the product of f with a vector of norm sqrt(2)."""
    return margins(logits, labels) / (2**0.5 * lipschitz)


def pairwise_radii(logits: Tensor, labels: Tensor, weight: Tensor, body: float) -> Tensor:
    """min_j (f_y - f_j) / (||w_y - w_j|| Lip(body)) for a linear last layer with rows w_j.

    f_y - f_j = <w_y - w_j, features> + const, and the features have constant Lip(body).
    """
    gaps = logits.gather(1, labels[:, None]) - logits  # (N, classes)
    distances = torch.cdist(weight, weight, compute_mode="donot_use_mm_for_euclid_dist")
    # Equal rows are at no distance, and only their biases decide: the quotient stays a number.
    radii = gaps / (distances[labels] * body).clamp(min=1e-30)
    own = torch.nn.functional.one_hot(labels, logits.shape[1]).bool()
    return radii.masked_fill(own, float("inf")).min(dim=1).values


def certified_radii(network: Network, images: Tensor, labels: Tensor, claimed: float | None = None) -> Tensor:
    """The larger of both radii for each image (N,), not positive where the class is wrong.

    `network` must be a copy for evaluation (float64, evaluation mode): an estimate or float32 certifies
    nothing. `claimed` replaces the bound of the body by a constant that somebody believes:
    negative controls only.
    """
    if network.training or images.dtype != torch.float64:
        raise InputError("a certificate needs `copy_for_evaluation(network)` and float64 images.")
    with torch.no_grad():
        logits = network(images)
    body = network.body_bound() if claimed is None else claimed
    whole = margin_radii(logits, labels, body * network.chain()[-1].lipschitz_bound())
    radii = torch.maximum(whole, pairwise_radii(logits, labels, network.last_weight(), body))
    return radii - _solver_margin(network, body)


def _solver_margin(network: Network, body: float) -> float:
    """What the residuals of implicit layers take from each radius; zero without such layers.

    Features that are off by e, here and at the perturbed image, change each f_y - f_j by at most
    2 ||w_y - w_j|| e, which is as much as moving the image by 2 e / Lip(body). Rounding of the
    features before the last layer, which has no residual, is not counted, as everywhere.
    """
    error = Network(network.chain()[:-1]).error_bound()
    return 2 * error / body if error > 0 else 0.0


def check_bound(found: float, bound: float, name: str) -> None:
    """Raises GeoflowError when a Jacobian was found that is larger than the bound."""
    if not found <= bound * (1 + 1e-9):
        raise GeoflowError(
            f"{name}: a Jacobian of norm {found:.6g} was found above the bound {bound:.6g}; "
            "the bound of one of its layers is wrong."
        )


def broken(radii: Tensor, flipped_at: Tensor) -> Tensor:
    """Images (N,) whose class a perturbation changes that is no longer than their certificate.

    radii (N,): certified radius; flipped_at (N,): norm of the smallest flip found, infinite for none.
    """
    return (radii >= flipped_at) & (radii > 0)


def check_certificates(radii: Tensor, flipped_at: Tensor, name: str) -> None:
    """Raises GeoflowError when an attack flips an image within its certified radius."""
    wrong = broken(radii, flipped_at)
    if wrong.any():
        i = int(wrong.nonzero()[0])
        raise GeoflowError(
            f"{name}: image {i} is certified within {float(radii[i]):.6g} but a perturbation of "
            f"norm {float(flipped_at[i]):.6g} changes its class ({int(wrong.sum())} such images); "
            "the Lipschitz bound of one of its layers is wrong."
        )
