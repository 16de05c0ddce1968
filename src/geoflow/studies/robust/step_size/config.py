from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, NetworkSpec, Training


class StepSize(Study):
    """Gradient-flow networks with h = c 2 r / ||A||^2 for each c of `relative_steps`.

    iterations: numbers of power iterations for the step size of a layer with a random matrix A; size: rows of A.

    Every network is certified twice: correctly, and as if it were 1-Lipschitz for every c (claimed). false_claims:
    fraction of images whose class an attack changes within the claimed radius; accuracy: as in `robustness`; expansion:
    the Lipschitz constant of the layer x - h A^T s(Ax) for h = 2 / estimate^2. Keys are maxima over the seeds, and the
    mean for clean.
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
