from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, NetworkSpec, Training


class StepSize(Study):
    """Gradient-flow networks with h = c 2 r / ||A||^2 for each c of `relative_steps`.

    Every network is certified twice: soundly, and as if it were 1-Lipschitz whatever c is (claimed). false_claims: the
    share of images that an attack flips within the claimed radius. accuracy: as in `robustness`. iterations: power
    iterations from which a step is set, for a random matrix A of `size` rows; expansion: the constant of the layer
    x - h A^T s(Ax) when h = 2 / estimate^2. Over the seeds the largest; the mean for clean.
    """

    tables = {
        "networks": "relative_step seed bound found clean claimed false_claims",
        "accuracy": "relative_step seed eps kind correct images accuracy low high",
        "training": ("epoch loss train_accuracy validation_accuracy? validation_certified? relative_step seed"),
        "power_iteration": "iterations seed estimate expansion",
    }
    summary = "{found,bound,false_claims,clean}/<relative_step> expansion/<number>"
    dataset: Entry
    network: NetworkSpec
    training: Training
    attack: Attack
    eps: list[float]
    relative_steps: list[float]
    iterations: list[int]
    size: int
    seeds: list[int]
