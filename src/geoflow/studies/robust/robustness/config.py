from dataclasses import field

from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import Attack, AutoAttack, NetworkSpec, Training


class Robustness(Study):
    """Accuracy of trained networks against eps: clean (eps = 0), attacked, certified.

    seeds: one training per seed; drawn: each seed draws its own images; device: cpu, cuda or auto; printed: published
    accuracies under attack in percent, one per eps, by network; last_iterate: attack of the networks with printed
    numbers that judges its last iterate, as the course does; auto_attack: settings of AutoAttack, as a cross-check;
    kept: labels of the networks whose weights are stored for the first seed (if `drawn`, for every seed); these are
    rounded to float16 before the certification, for every seed.

    kind: attacked (worst over all attacks for each image), certified, cross_checked (attacked, over the images on which
    AutoAttack ran), or last_iterate; low, high: 95 % binomial interval. Keys are means over the seeds, with their
    sample standard deviation as spread, and the worst over the seeds for Lipschitz constants; median_, least_ and
    most_last_iterate: median over the seeds, and the ends of their intervals; lead: attacked accuracy minus that of the
    first network; pgd_missed: largest fraction of images, over eps, whose class AutoAttack changes and PGD does not.
    """

    tables = {
        "accuracy": "network seed eps kind correct images accuracy low high printed",
        "training": ("epoch loss train_accuracy validation_accuracy? validation_certified? network seed"),
        "lipschitz": "network seed bound found pgd_missed",
        "weights": "network seed tensor shape data",
    }
    summary = """
        attacked/<network>/<eps> clean/<network> certified/<network>/<eps> cross_checked/<network>/<eps>
        lead/<network>/<eps> lipschitz_bound/<network> lipschitz_found/<network>
        lipschitz_excess/<network> pgd_missed/<network> spread/attacked/<network>/<eps> spread/certified/<network>/<eps>
        spread/cross_checked/<network>/<eps> last_iterate/<network>/<eps> spread/last_iterate/<network>/<eps>
        {least,median,most}_last_iterate/<network>/<eps>
    """
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    attack: Attack
    eps: list[float]
    seeds: list[int]
    device: str = "cpu"
    printed: dict[str, list[float]] = field(default_factory=dict)
    auto_attack: AutoAttack | None = None
    kept: list[str] = field(default_factory=list)
    drawn: bool = False
    last_iterate: Attack | None = None
