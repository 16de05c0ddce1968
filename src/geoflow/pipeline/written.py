"""Validation of the individual files in `config/`, before Hydra composes them.

Hydra would also detect most errors, but its messages lack the file, the line or the nearest valid key.
"""

import inspect
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from geoflow.ground import InputError
from geoflow.learning.settings import NetworkSpec
from geoflow.own import FOLDER
from geoflow.pipeline.checking import refuse_unknown_keys, require_known, validate
from geoflow.pipeline.schema import Root
from geoflow.studies import find_studies

CONFIG = Path("config")
OF_THE_CALL = {"scale", "out"}  # keys that no experiment file contains


def members(group: str) -> list[str]:
    """Members of a config group: the files in `config/<group>/` and its subfolders, without suffix."""
    folder = CONFIG / group
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.yaml"))


def experiment_files() -> dict[str, Path]:
    """Name -> file of every experiment: `config/experiment/<chapter>/<name>.yaml`, or `<name>.yaml` in `geoflow.own`.

    Raises InputError for two files with the same name, because it is the name of the result folder.
    """
    found: dict[str, Path] = {}
    own = {path for path in FOLDER.glob("*.yaml") if path.name != "figures.yaml"}
    for path in (*sorted((CONFIG / "experiment").glob("*/*.yaml")), *sorted(own)):
        if path.stem in found:
            raise InputError(f"expected one experiment {path.stem!r}, got {found[path.stem]} and {path}.")
        found[path.stem] = path
    return dict(sorted(found.items()))


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a file as plain values; raises InputError, with the line, for invalid YAML or interpolations."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    try:
        tree = OmegaConf.to_container(OmegaConf.load(path))
    except (YAMLError, OmegaConfBaseException, OSError, ValueError, RecursionError) as error:
        mark, key = getattr(error, "problem_mark", None), getattr(error, "full_key", None)
        place = f", line {mark.line + 1}" if mark else f": {key}" if key else ""
        said = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise InputError(f"{path}{place}: expected YAML; {said}.") from None
    if not isinstance(tree, dict):
        raise InputError(f"{path}: expected keys and values, got {tree!r}.")
    return {str(key): value for key, value in tree.items()}


def check_common() -> None:
    """Raise InputError for keys of `config.yaml` that belong neither to the tree nor to Hydra."""
    path = CONFIG / "config.yaml"
    tree = {k: v for k, v in read_yaml(path).items() if k not in ("defaults", "hydra")}
    refuse_unknown_keys(Root, tree, path)


def check_written(where: Path) -> tuple[str, dict[str, Any]]:
    """Check the file of an experiment; returns its study, "chapter/name", and its content."""
    tree = read_yaml(where)
    if not where.read_text().startswith("# @package _global_\n"):
        raise InputError(f"{where}: expected '# @package _global_' as the first line.")
    valid = ["defaults", *(field.name for field in fields(Root) if field.name not in OF_THE_CALL)]
    for key in tree:
        require_known(where, "key", key, valid)
    for key, kind in (("defaults", list), ("at_scale", dict), ("scales", list)):  # read before Hydra composes
        if not isinstance(tree.setdefault(key, None) or kind(), kind):
            raise InputError(f"{where}: {key}: expected a {kind.__name__}, got {tree[key]!r}.")
    name = _check_defaults(tree["defaults"] or [], where)
    refuse_unknown_keys(Root, {k: v for k, v in tree.items() if k != "defaults"}, where)
    study = find_studies()[name]
    validate(study, tree.get("study") or {}, where, "study.", complete=False)
    for scale, values in (tree["at_scale"] or {}).items():
        require_known(f"{where}: at_scale", "scale", scale, members("scale"))
        validate(study, values or {}, where, f"at_scale.{scale}.", complete=False)
    for scale in tree["scales"] or []:
        require_known(f"{where}: scales", "scale", scale, members("scale"))
    return name, tree


def standing_claims(study: type) -> list[dict[str, Any]]:
    """Claims in `claims.yaml` beside the study's `config.py`; its experiments inherit those that their values give."""
    path = Path(inspect.getfile(study)).with_name("claims.yaml")
    return validate(Root, read_yaml(path), path)["claims"] if path.exists() else []


def _check_defaults(defaults: list[Any], where: Path) -> str:
    """Check the defaults list of an experiment and the group members it uses; returns the study."""
    chosen: dict[str, Any] = {}
    for one in defaults:
        if not isinstance(one, Mapping) or len(one) != 1:
            raise InputError(f"{where}: defaults: expected 'group: member', got {one!r}.")
        ((key, member),) = one.items()
        chosen[str(key)] = member
    studies = find_studies()
    if "override /study" not in chosen:
        raise InputError(f"{where}: defaults: expected '- override /study: chapter/name', got none.")
    name = chosen.pop("override /study")
    require_known(where, "study", name, studies)
    for key, member in chosen.items():
        group, _, package = key.removeprefix("override ").removeprefix("/").partition("@")
        groups = [path.name for path in sorted(CONFIG.iterdir()) if path.is_dir()]
        require_known(f"{where}: defaults", "group", group, groups)
        require_known(f"{where}: defaults", f"member of {group}/", member, members(group))
        _check_member(CONFIG / group / f"{member}.yaml", package or group, studies[name])
    return str(name)


def _check_member(path: Path, package: str, study: type) -> None:
    """Check the file of a group as the part of the configuration in which an experiment uses it."""
    first, _, rest = package.partition(".")
    tree = read_yaml(path)
    if first == "study" and rest:
        validate(study, {rest: tree}, path, "study.", complete=False)
    elif first == "network":
        validate(NetworkSpec, tree, path, complete=False)
    else:
        validate(Root, {package: tree}, path, complete=False)
