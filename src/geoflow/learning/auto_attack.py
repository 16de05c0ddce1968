"""AutoAttack (CroceHein2020), the cross-check of our own attack.

AutoAttack has no parameters to tune. It applies four attacks in sequence, each to the images that survived the previous
ones: Auto-PGD on the cross-entropy and on the targeted difference of logits, the targeted fast adaptive boundary
attack, and the gradient-free Square attack. They are computed by `pyautoattack`; geoflow decides whether a point
changes the class.
"""

import logging
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Generator, Tensor

from geoflow.ground import InputError
from geoflow.learning import settings
from geoflow.learning.attacks import Model, Search, check_norm, global_seed
from geoflow.learning.settings import PARTS


@dataclass(kw_only=True)
class AutoAttack(settings.AutoAttack, Search):
    """AutoAttack on a sample of the images; the parameters are documented in `settings.AutoAttack`."""

    norm: str = "l2"
    box: bool = True
    name: ClassVar[str] = "auto_attack"

    def __post_init__(self) -> None:
        check_norm(self.name, self.norm)
        if min(self.images, self.certified) < 0 or self.queries < 1:
            raise InputError(
                "auto_attack: expected images, certified >= 0 and queries >= 1, "
                f"got {self.images}, {self.certified} and {self.queries}."
            )
        if not self.parts or not set(self.parts) <= set(PARTS):
            raise InputError(f"auto_attack: expected parts among {', '.join(PARTS)}, got {self.parts}.")

    def chosen(self, eps: float, radii: Tensor) -> Tensor:
        """Mask (N,) of the images to attack at eps: all uncertified images of the sample and some certified ones."""
        if self.eps and not any(abs(eps - own) < 1e-12 for own in self.eps):
            return torch.zeros_like(radii, dtype=torch.bool)
        sample = torch.arange(len(radii)) < (self.images or len(radii))
        certified = sample & (radii > eps)
        return sample & (~certified | (certified.cumsum(0) <= self.certified))

    def __call__(self, network: Model, images: Tensor, labels: Tensor, eps: float, generator: Generator) -> Tensor:
        """Return for each image (N, channels, height, width) a point of a different class, or the image itself."""
        if not eps > 0:
            return images
        with global_seed(generator, images.device) as seed:  # the package sets the global state
            ensemble = self._ensemble(network, images.device, eps, seed)
            found, _ = ensemble.run_standard_evaluation(images, labels, batch_size=1000)
        points: Tensor = found
        return points.detach()

    def _ensemble(self, network: Model, device: torch.device, eps: float, seed: int) -> Any:
        from pyautoattack import AutoAttack as Ensemble

        # The package logs warnings about saturated losses; the results are checked in float64 afterwards.
        logging.getLogger("auto-attack").setLevel(logging.ERROR)
        norm = {"l2": "L2", "linf": "Linf"}[self.norm]
        # version="standard" sets values that "custom" would leave at those of a different ensemble.
        ensemble = Ensemble(network, device=device, eps=eps, norm=norm, seed=seed)
        ensemble.attacks_to_run = list(self.parts)
        ensemble.square.n_queries = self.queries
        return ensemble
