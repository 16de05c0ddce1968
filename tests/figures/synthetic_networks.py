"""Made-up tables of networks under attack."""

import numpy as np
import pandas as pd


def robustness() -> dict[str, pd.DataFrame]:
    """Accuracies that fall with eps, certified below attacked, printed numbers for one network."""
    rows = [
        (network, seed, eps, kind, value, value - 0.03, value + 0.03, printed)
        for network, slope, printed in (("resnet", 1.2, 0.5), ("non_expansive", 0.8, np.nan))
        for seed in (0, 1)
        for eps in (0, 0.2, 0.5)
        for kind, value in (("attacked", 0.97 - slope * eps), ("certified", 0.9 - 1.5 * eps))
    ]
    columns = ["network", "seed", "eps", "kind", "accuracy", "low", "high", "printed"]
    history = [
        (n, s, e, 1 - 0.5 / e)
        for n in ("resnet", "non_expansive")
        for s in (0, 1)
        for e in (1, 2, 3)
    ]
    return {
        "accuracy": pd.DataFrame(rows, columns=columns),
        "training": pd.DataFrame(
            history, columns=["network", "seed", "epoch", "validation_accuracy"]
        ),
    }


def step_sizes() -> dict[str, pd.DataFrame]:
    """Constants that grow beyond 1, and an estimate that improves."""
    rows = [(c, 0, max(1, 2 * c - 1), max(0.9, c), 0.97, max(0, c - 1)) for c in (0.5, 1, 1.5, 2)]
    columns = ["relative_step", "seed", "bound", "found", "clean", "false_claims"]
    power = pd.DataFrame({"sweeps": [1, 10, 100], "expansion": [2.1, 1.1, 1.001]})
    return {"networks": pd.DataFrame(rows, columns=columns), "power_iteration": power}


def budgets() -> dict[str, pd.DataFrame]:
    """Accuracies that fall from attack to attack, and a control that is not drawn."""
    names = ["pgd_10_short", "pgd_10", "auto_attack", "all", "certified"]
    rows = [
        (network, eps, k, name, 1 - np.exp(-k - 1), v := 0.9 - 0.2 * k * eps, v - 0.05, v + 0.05)
        for network in ("resnet", "non_expansive", "free_last_layer")
        for eps in (0.5, 1)
        for k, name in enumerate(names)
    ]
    columns = ["network", "eps", "place", "attack", "reach", "accuracy", "low", "high"]
    return {"budgets": pd.DataFrame(rows, columns=columns)}


def schemes() -> dict[str, pd.DataFrame]:
    """Three schemes, two seeds."""
    names = {"explicit_euler": 1.0, "rk4_38": 0.46, "implicit_midpoint": np.inf}
    facts = [(name, radius, 2) for name, radius in names.items()]
    runs = [(name, seed, 0.9 + 0.01 * seed) for name in names for seed in (0, 1)]
    rows = [
        (name, seed, 0.5, kind, value + 0.02 * seed)
        for name, seed, _ in runs
        for kind, value in (("attacked", 0.6), ("certified", 0.4))
    ]
    return {
        "schemes": pd.DataFrame(facts, columns=["scheme", "radius", "substeps"]),
        "networks": pd.DataFrame(runs, columns=["scheme", "seed", "clean"]),
        "accuracy": pd.DataFrame(rows, columns=["scheme", "seed", "eps", "kind", "accuracy"]),
    }


def pictures() -> dict[str, pd.DataFrame]:
    """Two images of 4 x 4 pixels at two eps, one of which flips a class."""
    row, column = (index.ravel() for index in np.indices((4, 4)))
    pixels, outcomes = [], []
    for network in ("resnet", "non_expansive"):
        for image in (0, 3):
            for eps in (0, 1):
                which = {"network": network, "image": image, "eps": eps}
                change = eps * np.cos(row + 2 * column)
                value = {"value": (row + column) / 6, "change": change}
                pixels.append(pd.DataFrame({**which, "row": row, "column": column, **value}))
                outcomes.append(
                    {**which, "kind": "attacked", "label": image, "predicted": image + eps}
                )
    return {"pixels": pd.concat(pixels), "outcomes": pd.DataFrame(outcomes)}
