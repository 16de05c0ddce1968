"""The l2-PGD of foolbox with its own defaults, for those who have it installed: `pip install geoflow[foolbox]`."""

import importlib.util
from dataclasses import dataclass

from torch import Generator, Tensor

from geoflow.ground import InputError
from geoflow.learning.attacks import Model, Search, global_seed


@dataclass(frozen=True)
class FoolboxPGD(Search):
    """`steps` steps of `relative_step` eps each from a random point (RauberZimmermannBethgeBrendel2020).

    With its default relative step of 0.025, ten steps travel a quarter of eps.
    """

    steps: int = 10
    relative_step: float = 0.025
    norm: str = "l2"
    box: bool = True
    name: str = "foolbox_pgd"

    def __post_init__(self) -> None:
        if importlib.util.find_spec("foolbox") is None:
            raise InputError("foolbox is not installed; pip install 'geoflow[foolbox]', or set foolbox: false.")

    @property
    def gradients(self) -> int:
        """Gradients that it takes of each image."""
        return self.steps

    def __call__(self, network: Model, images: Tensor, labels: Tensor, eps: float, generator: Generator) -> Tensor:
        import foolbox

        with global_seed(generator, images.device):  # it draws its start from the global state
            model = foolbox.PyTorchModel(network, bounds=(0, 1), device=images.device)
            search = foolbox.attacks.L2PGD(rel_stepsize=self.relative_step, steps=self.steps)
            _, clipped, _ = search(model, images, labels, epsilons=eps)
        points: Tensor = clipped
        return points.detach()
