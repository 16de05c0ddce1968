"""Hyperparameter search for one network, judged only on validation images.

    geoflow search experiment=mnist_robustness scale=paper network=sdp_residual tries=20 out=mine/tries.csv \\
        study.training.epochs=4 "study.training.learning_rate=tag(log,interval(0.003,0.1))" \\
        "network.sdp_residual.loss.offset=interval(2,5)" "network.sdp_residual.architecture.depth=choice(4,8,16)"

The search space uses Hydra's multirun syntax: choice, range, interval, tag(log, ...). Optuna proposes the
values (tree-structured Parzen estimator, Bergstra2011), and each try is composed and checked by Hydra like
a run. Hydra's Optuna plugin is not used, because it needs Optuna 2 of 2022. An interrupted search resumes
with the same tries as without interruption: those in `out` are not run again.
"""

import csv
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import TPESampler
from optuna.study import Study
from optuna.trial import create_trial

from geoflow.ground import InputError, Tools, nearest, renamed_when_complete
from geoflow.ground.progress import progress
from geoflow.ground.sentences import sentences
from geoflow.ground.study import build_values
from geoflow.learning.settings import NetworkSpec, Training
from geoflow.pipeline.compose import Experiment, canonical, compose
from geoflow.pipeline.overrides import parse_overrides
from geoflow.pipeline.run import parse, use_threads
from geoflow.pipeline.source import short_sha256

KEYS = ("experiment", "scale", "network", "tries", "seed", "out")
RESULTS = ("accuracy", "certified", "cpu_seconds", "search")
Row = dict[str, str]


def space_of(words: Sequence[str]) -> tuple[dict[str, BaseDistribution], list[str]]:
    """Split arguments into the search space, by key, and the overrides with a single value.

    Raises InputError for an invalid override or an empty search space.
    """
    space, fixed = {}, []
    for word, one in zip(words, parse_overrides(words), strict=True):
        if one.is_sweep_override():
            space[one.key_or_group] = _distribution(one)
        else:
            fixed.append(word)
    if not space:
        raise InputError("search: expected a search space, such as study.training.learning_rate=interval(0.001,0.01).")
    return space, fixed


def _distribution(override: Any) -> BaseDistribution:
    sweep = override.value()
    if override.is_interval_sweep():
        low, high, log = float(sweep.start), float(sweep.end), "log" in sweep.tags
        if log and not 0 < low <= high:
            raise InputError(f"search: expected 0 < low <= high for log, got {low} and {high}.")
        return FloatDistribution(low, high, log=log)
    if override.is_range_sweep() and all(isinstance(x, int) for x in (sweep.start, sweep.stop, sweep.step)):
        return IntDistribution(sweep.start, sweep.stop - 1, step=sweep.step)
    return CategoricalDistribution(list(override.sweep_string_iterator()))


def propose(study: Study, space: Mapping[str, BaseDistribution], seed: int) -> Any:
    """Propose the next try, which depends only on the previous ones and the seed, so that a search can resume."""
    study.sampler = TPESampler(seed=seed + len(study.get_trials(deepcopy=False)))
    return study.ask(dict(space))


def compose_try(given: Mapping[str, str], words: Sequence[str]) -> Experiment:
    """Compose the experiment with the values of one try; raises InputError if `certify_eps` is not set."""
    one = compose(given["experiment"], given.get("scale", "default"), words)
    choices = [choice["label"] for choice in one.values.get("networks", [])]
    if given["network"] not in choices:
        raise InputError(f"search: unknown network {given['network']!r}; {nearest(given['network'], choices)}")
    if not one.values["training"]["certify_eps"] > 0:
        raise InputError("search: expected a radius for the certified accuracy; try study.training.certify_eps=0.5.")
    return one


def search(given: Mapping[str, str], words: Sequence[str]) -> None:
    """Propose and train networks; write one row per try: values, validation accuracy, certified accuracy."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space, fixed = space_of(words)
    out, tries, seed = Path(given["out"]), given["tries"], given.get("seed", "0")
    if not (tries.isdecimal() and int(tries) > 0 and seed.isdecimal()):
        raise InputError(f"search: expected tries of at least 1 and a seed of at least 0, got {tries} and {seed}.")
    same = {key: given[key] for key in sorted(given) if key not in ("out", "tries")}
    identity = short_sha256(canonical([same, list(words)]))
    study = optuna.create_study(direction="maximize")
    rows = _read(out, space, identity)
    for row in rows:
        study.add_trial(_stored(row, space))
    for number in progress(range(len(rows), int(tries)), "search"):
        trial = propose(study, space, int(seed))
        drawn = [f"{key}={value}" for key, value in trial.params.items()]
        start = time.process_time()
        accuracy, certified = train(compose_try(given, [*fixed, *drawn]), given["network"], int(seed))
        study.tell(trial, certified)
        found = (f"{accuracy:.4f}", repr(certified), f"{time.process_time() - start:.0f}", identity)
        values = {key: str(value) for key, value in trial.params.items()}
        rows.append({"number": str(number), **values, **dict(zip(RESULTS, found, strict=True))})
        _write(out, rows)
    best = max(rows, key=lambda row: float(row["certified"]))
    print(f"{out}: {len(rows)} tries; try {best['number']} is the best, it certifies {best['certified']}.")


def train(one: Experiment, label: str, seed: int) -> tuple[float, float]:
    """Train one network; returns accuracy and certified accuracy on the validation images."""
    use_threads(one.threads)
    from geoflow.learning.datasets import load
    from geoflow.learning.training import choose_device
    from geoflow.learning.trials import train_network

    choice = next(choice for choice in one.values["networks"] if choice["label"] == label)
    spec, plan = build_values(NetworkSpec, choice), build_values(Training, one.values["training"])
    device = choose_device(one.values.get("device", "cpu"))
    _, history = train_network(Tools(progress), spec, load(one.values["dataset"]), plan, seed, device)
    last = history.iloc[-1]
    return float(last["validation_accuracy"]), float(last["validation_certified"])


def _read(out: Path, space: Mapping[str, BaseDistribution], identity: str) -> list[Row]:
    if not out.exists():
        return []
    rows = list(csv.DictReader(out.read_text().splitlines()))
    if any(row.get("search") != identity for row in rows):
        raise InputError(f"{out} belongs to a different search; expected a new file, try a different out=.")
    return rows


def _stored(row: Row, space: Mapping[str, BaseDistribution]) -> Any:
    params: dict[str, Any] = {}
    for key, one in space.items():
        kind = {"IntDistribution": int, "FloatDistribution": float}.get(type(one).__name__, str)
        params[key] = kind(row[key])
    return create_trial(params=params, distributions=dict(space), value=float(row["certified"]))


def _write(out: Path, rows: Sequence[Row]) -> None:
    with renamed_when_complete(out) as (temporary,), temporary.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def main(words: Sequence[str]) -> None:
    """Run the command `geoflow search` with key=value arguments and a search space."""
    if {"--help", "-h"} & set(words):
        print((__doc__ or "").strip())
        return
    search(*parse(words, KEYS, required=["experiment", "network", "tries", "out"]))


if __name__ == "__main__":
    with sentences():
        main(sys.argv[2:])
