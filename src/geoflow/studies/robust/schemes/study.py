"""Schemes as architectures, with equal numbers of parameters and stages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate
from geoflow.learning.training import choose_device
from geoflow.learning.trials import ATTACKS, accuracies, attacks_from, missed, stream, train_network
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.robust.schemes.config import Schemes
from geoflow.theory.radii import contractivity_radius


def study(asked: Schemes, tools: Tools) -> Answer:
    """Train `network` with each scheme at its own radius, certify and attack it.

    A scheme of s stages takes round(stages / s) steps with shared weights, so that all networks have the
    same number of parameters and about the same number of evaluations. An implicit scheme, which has no
    limit, takes a single step of `implicit_step` times that of explicit Euler. `mistaken` are negative controls: a
    scheme -> a different one, whose radius it is given. Raises GeoflowError if an attack changes a certified class.
    """
    data, where = load(asked.dataset, tools.data), choose_device(asked.device)
    plans = {name: _plan(name, asked.stages, asked.implicit_step) for name in asked.schemes}
    for name, other in asked.mistaken.items():
        plans[f"{name}_as_{other}"] = _plan(name, asked.stages, asked.implicit_step, other)
    attacks = attacks_from(asked.attack, asked.auto_attack)
    constants: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    facts: dict[str, dict[str, Any]] = {}
    jobs = [(name, seed) for name in plans for seed in asked.seeds]
    for label, seed in tools.progress(jobs, "schemes"):
        plan = plans[label]
        own = {key: plan[key] for key in ("scheme", "substeps", "relative_step")}
        architecture = {**asked.network.architecture, **own}
        choice = replace(asked.network, label=label, architecture=architecture)
        one, _ = train_network(tools, choice, data, asked.training, seed, where)
        given = (one, data.test, asked.eps, attacks, stream(seed, ATTACKS))
        result = tools.resume(f"{label}-{seed}-evaluated", evaluate, *given, name=label, device=where)
        which = {"scheme": label, "seed": seed}
        rows += accuracies(result, asked.eps, which, attacks)
        clean = result.attacked(0.0) / len(data.test)
        found = {"bound": result.bound, "found": result.found, "pgd_missed": missed(result, asked.eps)}
        constants.append({**which, "clean": clean, **found})
        parameters = sum(parameter.numel() for parameter in one.parameters())
        said = {key: plan[key] for key in ("stages", "radius", "substeps", "time")}
        facts[label] = {"scheme": label, **said, "parameters": parameters}
    tables = {
        "schemes": pd.DataFrame(list(facts.values())),
        "networks": pd.DataFrame(constants),
        "accuracy": pd.DataFrame(rows),
    }
    return Answer(tables, _summary(tables, list(asked.schemes)))


def _plan(name: str, budget: int, implicit_step: float, radius_of: str | None = None) -> dict[str, Any]:
    """Number and size of the steps of a scheme for a given number of stages; h |A|^2 <= 2 radius."""
    method = runge_kutta(name)
    radius = contractivity_radius(method) or 0.0
    # The iteration for an implicit stage uses the whole budget.
    substeps = max(1, round(budget / method.stages)) if method.explicit else 1
    relative_step = 1.0 if math.isfinite(radius) else implicit_step
    if radius_of is not None:
        relative_step = (contractivity_radius(runge_kutta(radius_of)) or 0.0) / radius
    unit = radius if math.isfinite(radius) else 1.0
    plan = {"scheme": name, "stages": method.stages, "radius": radius, "substeps": substeps}
    time = substeps * 2 * unit * relative_step
    return {**plan, "relative_step": relative_step, "time": time}


def _summary(tables: Mapping[str, pd.DataFrame], schemes: Sequence[str]) -> dict[str, float]:
    networks, accuracy = tables["networks"], tables["accuracy"]
    summary = keyed(networks.groupby("scheme", sort=False).max(), ["scheme"], "bound", "found")
    clean = networks.groupby("scheme", sort=False)["clean"]
    summary |= keyed(clean.mean(), ["scheme"], "clean") | keyed(clean.std(), ["scheme"], **{"spread/clean": "clean"})
    shares = accuracy.groupby(["kind", "scheme", "eps"], sort=False)["accuracy"]
    for start, found in (("", shares.mean()), ("spread/", shares.std())):
        by_kind = keyed(found, ["kind", "scheme", "eps"], "accuracy")
        summary |= {start + key.removeprefix("accuracy/"): x for key, x in by_kind.items()}
    sound = networks[networks["scheme"].isin(schemes)]
    summary["largest_bound"] = sound["bound"].max()
    wide = accuracy[accuracy["scheme"].isin(schemes)]
    both = wide.pivot_table("accuracy", ["scheme", "seed", "eps"], "kind")
    means = both["certified"].groupby(["eps", "scheme"]).mean()
    for radius, mean in means.groupby("eps"):
        summary[f"range/{float(str(radius)):g}"] = mean.max() - mean.min()
    return summary
