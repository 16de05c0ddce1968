"""The studies, one folder each, in the chapters of the course; and the table of figures.

`studies/<chapter>/<study>/` holds `config.py` (what the study takes and returns), `study.py` with
`study(asked, tools) -> Answer`, and `figure.py`. A study is found by its folder. `figures.yaml` lists all figures.
Importing this package costs nothing: the Snakefile does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import yaml

from geoflow.ground.study import Study

PACKAGE = "geoflow.studies"
CHAPTERS = ("convergence", "hamiltonian", "contractivity", "robust")


@dataclass(frozen=True)
class Figure:
    """draws: "chapter.study.module:function" in this package; experiments: whose results it is given."""

    draws: str
    experiments: Sequence[str]

    @property
    def module(self) -> str:
        """The module that draws it."""
        return f"{PACKAGE}.{self.draws.partition(':')[0]}"

    @property
    def function(self) -> str:
        """The function in that module, `(*results: Results) -> matplotlib.figure.Figure`."""
        return self.draws.partition(":")[2]


@cache
def find_studies() -> dict[str, type[Study]]:
    """ "chapter/study" -> its class in `config.py`, for every folder that has one."""
    found = {}
    for chapter in CHAPTERS:
        for path in sorted((Path(__file__).parent / chapter).glob("*/config.py")):
            name = path.parent.name
            module = import_module(f"{PACKAGE}.{chapter}.{name}.config")
            found[f"{chapter}/{name}"] = getattr(module, class_name(name))
    return found


def class_name(study: str) -> str:
    """The name of the class of a study: `planet_costs` -> `PlanetCosts`."""
    return "".join(part.capitalize() for part in study.split("_"))


def module_of(study: str) -> str:
    """The module that computes the study "chapter/name"."""
    return f"{PACKAGE}.{study.replace('/', '.')}.study"


with Path(__file__).with_name("figures.yaml").open() as file:
    FIGURES = {name: Figure(**one) for name, one in yaml.safe_load(file).items()}
