from dataclasses import field

from geoflow.ground.study import Entry, Study, Values
from geoflow.learning.settings import AutoAttack, NetworkSpec, Training


class Budget(Values):
    """One l2-PGD of the audit; relative_step: length of the whole path in units of eps."""

    label: str
    steps: int
    restarts: int = 1
    objectives: list[str] = field(default_factory=lambda: ["cross_entropy"])
    relative_step: float = 2.5


class Audit(Study):
    """The first `images` test images under attacks of increasing budget, compared with the certificates.

    control: a network with an unconstrained last layer, certified without it; attacks: from weak to strong.

    place: order of the attacks, with `certified` last; reach: largest perturbation that the attack tried, in units of
    eps; uncounted: the bound without the last layer; false_claims: fraction of images whose certificate from this bound
    is broken; inflation: accuracy under the weakest attack minus that under all.
    """

    tables = {
        "budgets": "network eps place attack gradients reach correct images accuracy low high",
        "networks": "network bound uncounted clean false_claims",
    }
    summary = """
        <attack>/<network|control>/<eps> {auto_attack,all,certified,inflation}/<network|control>/<eps> reach/<attack>
        reach/auto_attack {bound,uncounted,clean,false_claims}/<network|control>
    """
    dataset: Entry
    networks: list[NetworkSpec]
    control: NetworkSpec
    training: Training
    attacks: list[Budget]
    auto_attack: AutoAttack
    eps: list[float]
    images: int
    seed: int
    device: str = "cpu"
