"""Randomised search for the values of one network, judged by validation images alone.

    python -m geoflow.pipeline.search experiment=mnist_robustness scale=paper network=sdp_residual \\
        tries=20 seed=0 out=mine/tries.csv training.epochs=4 "loss.offset=interval(2,5)" \\
        "training.learning_rate=tag(log,interval(0.003,0.1))" "architecture.depth=choice(4,8,16)"

What varies is said in the words of Hydra's multirun: choice, range, interval, tag(log, ...). A
product of choices needs a run for each of its members; here `tries` members are drawn
(BergstraBengio2012). A search that was killed goes on: what stands in `out` is not run again.
"""

import csv
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from geoflow.ground.errors import InputError, nearest, sentences
from geoflow.ground.progress import progress
from geoflow.ground.results import renamed_when_complete
from geoflow.ground.study import build_values
from geoflow.learning.settings import NetworkSpec, Training
from geoflow.pipeline.compose import canonical, compose
from geoflow.pipeline.run import parse, use_threads

KEYS = ("experiment", "scale", "network", "tries", "seed", "out")
COLUMNS = ("number", "drawn", "accuracy", "certified", "cpu_seconds")


def draws(words: Sequence[str], tries: int, seed: int) -> Iterator[dict[str, Any]]:
    """`tries` random members of what Hydra's override grammar allows; equal seeds draw equally.

    Raises InputError for what is no override in that grammar.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        asked = OverridesParser.create().parse_overrides(list(words))
    except HydraException as error:
        raise InputError(f"search: {' '.join(str(error).split())}") from None
    generator = random.Random(seed)
    for _ in range(tries):
        yield {one.key_or_group: _drawn(one, generator) for one in asked}


def _drawn(override: Any, generator: random.Random) -> Any:
    """One value: uniform, or with uniform logarithm where it is tagged `log`."""
    import yaml

    if not override.is_sweep_override():
        return yaml.safe_load(override.get_value_element_as_str())
    if override.is_interval_sweep():
        sweep = override.value()
        low, high = float(sweep.start), float(sweep.end)
        if "log" not in sweep.tags:
            return generator.uniform(low, high)
        if not 0 < low <= high:
            raise InputError(f"search: expected 0 < low <= high for log, got {low} and {high}.")
        return math.exp(generator.uniform(math.log(low), math.log(high)))
    return yaml.safe_load(generator.choice(list(override.sweep_string_iterator())))


def changed(
    values: Mapping[str, Any], label: str, drawn: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The network `label` of an experiment and its training with `drawn` values in place.

    Keys are architecture.KEY, loss.KEY and training.KEY; InputError for others, and where no eps is
    watched, so that nothing would say how good a try is.
    """
    choices = {choice["label"]: choice for choice in values["networks"]}
    if label not in choices:
        raise InputError(f"search: unknown network {label!r}; {nearest(label, choices)}")
    choice = deepcopy(choices[label])
    training = {**values["training"], **choice.pop("training", {})}
    parts = {"architecture": choice["architecture"], "loss": choice["loss"], "training": training}
    for path, value in drawn.items():
        part, _, key = path.partition(".")
        if part not in parts or not key:
            raise InputError(
                f"search: expected architecture.KEY, loss.KEY or training.KEY, got {path!r}."
            )
        parts[part][key] = value
    if not training.get("watch", 0) > 0:
        raise InputError("search: expected an eps to judge by, got none; try training.watch=0.5.")
    return choice, training


def search(given: Mapping[str, str], words: Sequence[str]) -> None:
    """Draw, train, and write one row a try: drawn values, validation accuracy, certified share."""
    one = compose(given["experiment"], given.get("scale", "default"))
    use_threads(one.threads)
    out, seed = Path(given["out"]), int(given.get("seed", 0))
    rows = list(csv.DictReader(out.open(newline=""))) if out.exists() else []
    plans = [canonical(drawn) for drawn in draws(words, int(given["tries"]), seed)]
    if [row["drawn"] for row in rows] != plans[: len(rows)]:
        raise InputError(f"{out} is of another search; expected a new file, try another out=.")
    from geoflow.learning.datasets import load
    from geoflow.learning.training import choose_device
    from geoflow.learning.trials import trained

    data = load(one.values["dataset"])
    device = choose_device(one.values.get("device", "cpu"))
    for number in progress(range(len(rows), len(plans)), "search"):
        choice, training = changed(one.values, given["network"], json.loads(plans[number]))
        start = time.process_time()
        spec, plan = build_values(NetworkSpec, choice), build_values(Training, training)
        _, history = trained(spec, data, plan, seed, device, None, progress)
        last = history.iloc[-1]
        shares = (f"{last[f'validation_{key}']:.4f}" for key in ("accuracy", "certified"))
        found = (number, plans[number], *shares, f"{time.process_time() - start:.0f}")
        rows.append(dict(zip(COLUMNS, map(str, found), strict=True)))
        _write(out, rows)


def _write(out: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with renamed_when_complete(out) as (temporary,), temporary.open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    with sentences():
        search(*parse(sys.argv[1:], KEYS, required=["experiment", "network", "tries", "out"]))
