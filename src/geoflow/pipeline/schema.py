"""The types of the composed configuration, registered in Hydra's ConfigStore.

`schema` is the root of the tree. The group `study` has one member per study, its dataclass in
`config.py`, which gives Hydra the keys, types and defaults. The changes of an experiment at a scale are
the member `<scale>/<chapter>/<experiment>` of the group `at_scale`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geoflow.ground.study import Claim, Printed
from geoflow.own import FOLDER
from geoflow.studies import find_studies


@dataclass
class Scale:
    """The size of all experiments: smoke, default or paper."""

    name: str = "default"


@dataclass
class Methods:
    """Lists of methods used by several experiments: `${methods.full}`, and `${methods.few}` at the scale smoke."""

    full: list[str] = field(default_factory=list)
    few: list[str] = field(default_factory=list)


@dataclass
class Root:
    """The composed tree.

    methods: from the group `methods`; network: label -> network, from the group
    `network`; headlines: headline claim -> its negative control; scales: where the experiment runs (empty: at every
    scale); out: the folder for results.
    """

    scale: Scale = field(default_factory=Scale)
    threads: int = 1
    methods: Methods = field(default_factory=Methods)
    network: dict[str, Any] = field(default_factory=dict)
    study: Any = None
    at_scale: dict[str, Any] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    headlines: dict[str, str] = field(default_factory=dict)
    printed: list[Printed] = field(default_factory=list)
    scales: list[str] = field(default_factory=list)
    out: str | None = None


@cache
def register() -> None:
    """Register the types in Hydra's ConfigStore, and the resolvers of `config/` in OmegaConf."""
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    store = ConfigStore.instance()
    store.store(name="schema", node=Root)
    for name, study in find_studies().items():
        chapter, _, own = name.partition("/")
        store.store(group=f"study/{chapter}", name=own, node=study, package="study")
    OmegaConf.register_new_resolver("labelled", labelled)
    OmegaConf.register_new_resolver("folder", folder_name)


def register_experiment(where: Path, written: Mapping[str, Any], scales: Iterable[str]) -> str:
    """Register the changes of the experiment in the file `where` at the given scales, and an experiment of the user's
    own package as a whole; returns its name for Hydra, "folder/name"."""
    from hydra.core.config_store import ConfigStore

    chapter, name = where.parent.name, where.stem
    store = ConfigStore.instance()
    for scale in scales:
        changed = dict((written["at_scale"] or {}).get(scale) or {})
        store.store(group=f"at_scale/{scale}/{chapter}", name=name, node=changed)
    if where.parent == FOLDER:
        node = {key: value for key, value in written.items() if value is not None}
        store.store(group=f"experiment/{chapter}", name=name, node=node, package="_global_")
    return f"{chapter}/{name}"


def register_help(text: str) -> None:
    """Set the help text of the command line, with `@FLAGS_HELP` in place of Hydra's list of
    flags, and `@(` for a shell substitution."""
    from hydra.core.config_store import ConfigStore

    template = text.replace("$", "").replace("@FLAGS_HELP", "$FLAGS_HELP").replace("@(", "$$(")
    node = {"app_name": "geoflow run", "header": "", "footer": "", "template": template}
    ConfigStore.instance().store(group="hydra/help", name="geoflow", node=node)


def labelled(networks: Any) -> list[Any]:
    """Resolver `${labelled:${network}}`: convert networks by label to the list that a study takes."""
    from omegaconf import OmegaConf

    plain: Any = OmegaConf.to_container(networks, resolve=True)
    return [{"label": label, **network} for label, network in plain.items()]


def folder_name(overrides: str) -> str:
    """Name of the folder of a run, from its overrides, without special characters of shells."""
    plain = re.sub(r"(^|__)\++", r"\1", overrides)
    return re.sub(r"[^\w.+-]+", "_", plain).strip("_") or "run"
