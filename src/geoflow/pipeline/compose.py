"""Composition of the values by Hydra, once when Snakemake builds its graph; jobs read the frozen values.

`config/` contains only values: `config.yaml`, the groups (one file per scale, data set, network, ...) and one
file per experiment. An experiment is the composed tree, validated against the dataclass of its study.
Every error message is one sentence with the file, the wrong key and the nearest valid one.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.study import Claim, Printed, Study, build_values
from geoflow.pipeline import checking
from geoflow.pipeline.checking import require_known, validate
from geoflow.pipeline.overrides import check_overrides
from geoflow.pipeline.quantities import check_quantity, is_returned, matches
from geoflow.pipeline.schema import Root, register, register_experiment
from geoflow.pipeline.source import short_sha256
from geoflow.pipeline.written import CONFIG, check_common, check_written, experiment_files, members, standing_claims
from geoflow.studies import find_studies


@dataclass(frozen=True)
class Experiment:
    """One experiment at one scale: resolved and validated plain values."""

    name: str
    scale: str
    stage: str
    study: str
    threads: int
    values: dict[str, Any]
    claims: list[dict[str, Any]]
    printed: list[dict[str, Any]]
    tables: list[str]

    def slice(self) -> str:
        """Canonical JSON of all values that the run reads; equal values give equal text."""
        read = ("scale", "stage", "study", "threads", "values")
        return canonical({"experiment": self.name} | {key: getattr(self, key) for key in read})

    def digest(self) -> str:
        """Digest of the slice, stored with the results."""
        return short_sha256(self.slice())


def canonical(value: Any) -> str:
    """Format as JSON with sorted keys on one line."""
    return json.dumps(value, sort_keys=True)


def compose(experiment: str, scale: str = "default", overrides: Sequence[str] = ()) -> Experiment:
    """Compose and check one experiment; `overrides` in Hydra's syntax, e.g. `study.h=0.1`.

    Raises InputError for an unknown experiment, scale, study, key or name, and for a missing value or
    one of the wrong type.
    """
    files = experiment_files()
    require_known("config/experiment", "experiment", experiment, files)
    require_known("config/scale", "scale", scale, members("scale"))
    study, tree = compose_tree(files[experiment], scale, overrides)
    return check_composed(files[experiment], study, tree, by_hand=bool(overrides))


def compose_tree(where: Path, scale: str, overrides: Sequence[str] = ()) -> tuple[str, dict[str, Any]]:
    """Return the study of the experiment in the file `where`, and the tree composed by Hydra."""
    check_common()
    study, written = check_written(where)
    words = check_overrides(overrides, find_studies()[study])
    name = register_experiment(where, written, [scale])
    return study, _hydra([f"experiment={name}", f"scale={scale}", *words])


def check_composed(where: Path, name: str, tree: Mapping[str, Any], by_hand: bool = False) -> Experiment:
    """Check values and names of the tree that Hydra composed for the file `where` and the study `name`.

    by_hand: values were changed on the command line. The claims are not judged then and can be about
    methods that do not run.
    """
    scale, study = tree["scale"]["name"], find_studies()[name]
    if tree["scales"] and scale not in tree["scales"]:
        only = " and ".join(tree["scales"])
        raise InputError(f"{where}: it runs only at scale {only}, not {scale}.")
    values = validate(study, tree["study"], where, "study.")
    if values.get("runs") == []:
        raise InputError(f"{where}: study.runs: expected at least one run, got none.")
    checking.check_names(study, values, where)
    checking.check_numbers({"threads": tree["threads"], "study": values}, where, "")
    said = validate(Root, {key: tree[key] for key in ("claims", "headlines", "printed")}, where)
    stated = [*said["claims"], *_reproduced(where, study, values, said["printed"])]
    claims = _claims([*stated, *_standing(study, values, stated)], said["headlines"], scale, where)
    for claim in [] if by_hand else claims:
        check_quantity(study, values, claim["quantity"], f"{where}: claim {claim['name']!r}")
    chapter, _, own = name.partition("/")
    return Experiment(
        name=where.stem,
        scale=scale,
        stage=chapter,
        study=own,
        threads=tree["threads"],
        values=values,
        claims=claims,
        printed=said["printed"],
        tables=[*study.tables, "summary"],
    )


def scales_of(path: Path) -> list[str]:
    """Scales at which the experiment in a file runs; by default all."""
    return check_written(path)[1]["scales"] or members("scale")


def _hydra(words: Sequence[str]) -> dict[str, Any]:
    from hydra import compose, initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    register()
    try:
        with initialize_config_dir(str(CONFIG.resolve()), version_base="1.3"):
            tree = OmegaConf.to_container(compose("config", overrides=list(words)), resolve=True)
    except (HydraException, OmegaConfBaseException, YAMLError, ValueError) as error:
        cause = error.__cause__ or error
        said = " ".join(str(getattr(cause, "msg", None) or cause).split())
        raise InputError(f"{CONFIG}/: Hydra could not compose {words[0]}: {said}") from None
    assert isinstance(tree, dict)
    return {str(key): value for key, value in tree.items()}


def _standing(study: type[Study], values: Mapping[str, Any], own: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claims that an experiment inherits from its study, except those that it replaces."""
    stated = {claim["name"] for claim in own}
    inherited = [claim for claim in standing_claims(study) if claim["name"] not in stated]
    return [claim for claim in inherited if is_returned(study, values, claim["quantity"])]


def _reproduced(
    where: Path, study: type[Study], values: Mapping[str, Any], printed: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the claims that a deterministic number equals that of the published run, or is within a factor of it."""
    for count, one in enumerate((build_values(Printed, given) for given in printed), 1):
        try:
            low, high = _ends(one)
        except (ValueError, ArithmeticError):
            raise InputError(
                f"{where}: printed[{count - 1}]: expected a number in `run` or `notes`, got {one.run or one.notes!r}; "
                "`times` and `within` must not be 0."
            ) from None
        if not matches(study, values, f"median_{one.quantity}"):
            yield asdict(Claim(f"published_{count}", f"{one.text}, as published", one.quantity, high, low))


def _ends(one: Printed) -> list[float]:
    """Interval of the quantity that rounds to the published number, or is within a factor of it."""
    float(one.notes or 0)
    shown = float(one.run or one.notes)
    half = 0.5 * 10.0 ** int(Decimal(one.run or one.notes).as_tuple().exponent)
    ends = (shown - half, shown + half) if one.within is None else (shown / one.within, shown * one.within)
    return sorted(end / one.times for end in ends)


def _claims(
    claims: Sequence[dict[str, Any]], headlines: Mapping[str, str], scale: str, where: Path
) -> list[dict[str, Any]]:
    """Check the claims; returns those of the scale with their `kind`, for a headline also the name of its `control`."""
    names = [claim["name"] for claim in claims]
    controls = [claim["name"] for claim in claims if claim["text"].startswith("negative control: ")]
    for name, control in headlines.items():
        require_known(f"{where}: headlines", "law", name, [one for one in names if one not in controls])
        require_known(f"{where}: headline {name!r}", "negative control", control, controls)
    for claim in claims:
        name = claim["name"]
        if names.count(name) > 1:
            raise InputError(f"{where}: expected one claim {name!r}, got {names.count(name)}.")
        thresholds = [claim[key] for key in ("below", "above") if claim[key] is not None]
        if not thresholds or not all(map(math.isfinite, thresholds)):
            raise InputError(f"{where}: claim {name!r} needs a threshold: give below or above, a finite number.")
        for one in claim["scales"]:
            require_known(f"{where}: claim {name!r}", "scale", one, members("scale"))
        kind = "control" if name in controls else "headline" if name in headlines else "law"
        claim |= {"kind": kind, "control": headlines.get(name, "")}
    kept = [claim for claim in claims if scale in (claim["scales"] or [scale])]
    return [{key: value for key, value in claim.items() if key != "scales"} for claim in kept]
