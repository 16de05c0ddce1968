"""Hydra composes the values once, when Snakemake draws its graph; jobs read what was frozen then.

`config/` holds values only: `config.yaml`, one file a scale, one file an experiment. An experiment
is the composed tree, with `at_scale.<scale>` merged over `values`, checked against the dataclass of
its study. Every complaint is one sentence with the file, the wrong key and the nearest right one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geoflow.ground.errors import InputError
from geoflow.ground.remembered import recall, remember
from geoflow.pipeline import checking
from geoflow.pipeline.checking import known, refuse_unknown_keys, typed
from geoflow.pipeline.digests import digest
from geoflow.pipeline.quantities import check_quantity
from geoflow.pipeline.source import find_file, short_sha256
from geoflow.studies import CHAPTERS, find_studies

CONFIG = Path("config")
REMEMBERED = Path(".snakemake") / "geoflow"


@dataclass
class Claim:
    """`quantity` (a summary key) is less than `below` and more than `above`; no `scales` = all."""

    name: str
    text: str
    quantity: str
    below: float | None = None
    above: float | None = None
    scales: list[str] = field(default_factory=list)


@dataclass
class Root:
    """The composed tree. No `scales` = the experiment runs at every scale."""

    scale: dict[str, Any]
    threads: int
    stage: str
    study: str
    values: dict[str, Any]
    at_scale: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    scales: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Experiment:
    """One experiment at one scale: resolved, checked, in plain values."""

    name: str
    scale: str
    stage: str
    study: str
    threads: int
    values: dict[str, Any]
    claims: list[dict[str, Any]]
    tables: list[str]

    def slice(self) -> str:
        """Canonical JSON of all that the stage reads: equal values give equal text."""
        read = ("scale", "stage", "study", "threads", "values")
        return canonical({"experiment": self.name} | {key: getattr(self, key) for key in read})

    def digest(self) -> str:
        """The digest of the slice, by which its results know their values."""
        return short_sha256(self.slice())


def canonical(value: Any) -> str:
    """JSON with sorted keys on one line."""
    return json.dumps(value, sort_keys=True)


def members(group: str) -> list[str]:
    """The members of a config group: the names of the files in `config/<group>/`."""
    return sorted(path.stem for path in (CONFIG / group).glob("*.yaml"))


def experiment_files() -> dict[str, Path]:
    """Name -> file of every experiment: `config/experiment/<chapter>/<name>.yaml`.

    Raises InputError for two files of one name: the name is that of the folder with the results.
    """
    found: dict[str, Path] = {}
    for path in sorted((CONFIG / "experiment").glob("*/*.yaml")):
        if path.stem in found:
            raise InputError(
                f"expected one experiment {path.stem!r}, got {found[path.stem]} and {path}."
            )
        found[path.stem] = path
    return dict(sorted(found.items()))


def check_command_line(config: Mapping[str, Any], valid: Sequence[str]) -> None:
    """Refuse keys of Snakemake's --config that nothing reads, and a scale that does not exist."""
    for key in config:
        known("--config", "key", key, valid)
    known("--config", "scale", config.get("scale", "default"), members("scale"))


def compose(experiment: str, scale: str = "default", overrides: Sequence[str] = ()) -> Experiment:
    """Compose and check one experiment; `overrides` in Hydra's words, e.g. `values.h=0.1`.

    Raises InputError for an unknown experiment, scale, stage, study, key or name, for a value of
    the wrong type and for one that is missing.
    """
    files = experiment_files()
    known("config/experiment", "experiment", experiment, files)
    known("config/scale", "scale", scale, members("scale"))
    where = files[experiment]
    refuse_unknown_keys(Root, _yaml(where), where)
    tree = _hydra(f"{where.parent.name}/{experiment}", scale, overrides)
    refuse_unknown_keys(Root, tree, "the command line" if overrides else CONFIG / "config.yaml")
    root = typed(Root, tree, where)
    studies = find_studies()
    known(where, "stage", root["stage"], CHAPTERS)
    own = [name.partition("/")[2] for name in studies if name.startswith(f"{root['stage']}/")]
    known(where, "study", root["study"], own)
    study = studies[f"{root['stage']}/{root['study']}"]
    typed(study, root["values"], where, "values.", complete=False)
    for name, values in root["at_scale"].items():
        known(f"{where}: at_scale", "scale", name, members("scale"))
        typed(study, values, where, f"at_scale.{name}.", complete=False)
    claims = _claims(root["claims"], scale, where)
    for name in root["scales"]:
        known(f"{where}: scales", "scale", name, members("scale"))
    if root["scales"] and scale not in root["scales"]:
        only = " and ".join(root["scales"])
        raise InputError(f"{where}: it runs only at scale {only}, not {scale}.")
    values = typed(study, _merged(root, scale, overrides), where, "values.")
    checking.check_names(study, values, where)
    for claim in claims:
        check_quantity(study, values, claim["quantity"], f"{where}: claim {claim['name']!r}")
    return Experiment(
        name=experiment,
        scale=scale,
        **{key: root[key] for key in ("stage", "study", "threads")},
        values=values,
        claims=claims,
        tables=[*study.tables, "summary"],
    )


def experiments(scale: str) -> dict[str, Experiment]:
    """All experiments of a scale, by name; each is remembered on disk until its values change."""
    memory = REMEMBERED / f"{scale}.json"
    stored = json.loads(recall(memory) or b"{}")
    files = experiment_files()
    groups = [path.read_text() for path in sorted(CONFIG.glob("scale/*.yaml"))]
    common = [(CONFIG / "config.yaml").read_text(), *groups, *members("scale"), _code()]
    found, kept = {}, {}
    for name, path in files.items():
        text = path.read_text()
        key = short_sha256(canonical([text, *common]))
        entry = stored.get(name, {})
        if entry.get("key") != key:
            one = asdict(compose(name, scale)) if _runs(path, scale) else None
            entry = {"key": key, "composed": one}
        kept[name] = entry
        if entry["composed"] is not None:
            found[name] = Experiment(**entry["composed"])
    if kept != stored:
        remember(memory, json.dumps(kept).encode())
    return found


def _code() -> str:
    """What else decides how the YAML is composed: the code that composes, and the tables."""
    studies = find_studies().values()
    tables = {table for study in studies for table in study.named.values()}
    own = [
        str(find_file(f"geoflow.pipeline.{name}")) for name in ("compose", "checking", "quantities")
    ]
    return digest(*sorted(study.__module__ for study in studies), whole=sorted(tables), files=own)


def _runs(path: Path, scale: str) -> bool:
    tree = _yaml(path)
    return scale in (tree.get("scales") or [scale])


def _yaml(path: Path) -> dict[str, Any]:
    from omegaconf import OmegaConf
    from yaml import MarkedYAMLError

    try:
        tree = OmegaConf.to_container(OmegaConf.load(path))
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(f"{path}{line}: expected YAML; {error.problem}.") from None
    if not isinstance(tree, dict):
        raise InputError(f"{path}: expected keys and values, got {tree!r}.")
    return {str(key): value for key, value in tree.items()}


def _hydra(experiment: str, scale: str, overrides: Sequence[str]) -> dict[str, Any]:
    from hydra import compose, initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    # `++` lets an override give what the file leaves at its default; the schema is the judge.
    forced = [f"++{text}" if text.startswith("values.") else text for text in overrides]
    asked = [f"experiment@_global_={experiment}", f"scale={scale}", *forced]
    try:
        with initialize_config_dir(str(CONFIG.resolve()), version_base="1.3"):
            tree = OmegaConf.to_container(compose("config", overrides=asked), resolve=True)
    except (HydraException, OmegaConfBaseException, YAMLError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"{CONFIG}/: Hydra could not compose {experiment}: {said}") from None
    assert isinstance(tree, dict)
    return {str(key): value for key, value in tree.items()}


def _merged(root: Mapping[str, Any], scale: str, overrides: Sequence[str]) -> dict[str, Any]:
    """The values, with those of the scale over them, and what was asked by hand over both."""
    from omegaconf import OmegaConf

    asked = OmegaConf.create(dict(root["values"]))
    merged = OmegaConf.merge(asked, root["at_scale"].get(scale, {}))
    for key in (text.lstrip("+").partition("=")[0] for text in overrides):
        if key.startswith("values."):
            path = key.removeprefix("values.")
            OmegaConf.update(merged, path, OmegaConf.select(asked, path), merge=False)
    plain = OmegaConf.to_container(merged)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def _claims(claims: Sequence[dict[str, Any]], scale: str, where: Path) -> list[dict[str, Any]]:
    names = [claim["name"] for claim in claims]
    for claim in claims:
        name = claim["name"]
        if names.count(name) > 1:
            raise InputError(f"{where}: expected one claim {name!r}, got {names.count(name)}.")
        if claim["below"] is None and claim["above"] is None:
            raise InputError(f"{where}: claim {name!r} needs a threshold: give below or above.")
        for one in claim["scales"]:
            known(f"{where}: claim {name!r}", "scale", one, members("scale"))
    kept = [claim for claim in claims if scale in (claim["scales"] or [scale])]
    return [{key: value for key, value in claim.items() if key != "scales"} for claim in kept]
