"""The studies, one folder each, in the chapters of the course; and the table of figures.

`studies/<chapter>/<study>/` holds `config.py` (what the study takes and returns), `study.py` with
`study(asked, tools) -> Answer`, and `figure.py`. A study is found by its folder. `figures.yaml` lists all figures.
Importing this package costs nothing: the Snakefile does. The user's own package (`geoflow.own`) has a `figures.yaml`,
too, and its studies are those of the chapter `own`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import yaml

from geoflow.ground.errors import InputError
from geoflow.ground.study import Study
from geoflow.own import FOLDER

PACKAGE = "geoflow.studies"
CHAPTERS = ("convergence", "hamiltonian", "contractivity", "robust")


@dataclass(frozen=True)
class Figure:
    """draws: "chapter.study.module:function", the chapter `own` included; experiments: whose results it is given."""

    draws: str
    experiments: Sequence[str]

    @property
    def module(self) -> str:
        """The module that draws it."""
        return _module(self.draws.partition(":")[0])

    @property
    def function(self) -> str:
        """The function in that module, `(*results: Results) -> matplotlib.figure.Figure`."""
        return self.draws.partition(":")[2]


@cache
def find_studies() -> dict[str, type[Study]]:
    """ "chapter/study" -> its class in `config.py`, for every folder that has one."""
    found = {}
    for chapter, folder in [*((chapter, Path(__file__).parent / chapter) for chapter in CHAPTERS), ("own", FOLDER)]:
        for path in sorted(folder.glob("*/config.py")):
            name = path.parent.name
            module = import_module(_module(f"{chapter}.{name}.config"))
            if not hasattr(module, class_name(name)):
                raise InputError(f"{path}: expected a class {class_name(name)}, found none.")
            found[f"{chapter}/{name}"] = getattr(module, class_name(name))
    return found


def _module(name: str) -> str:
    """The module "chapter.study..." of this package, or of the user's own package for the chapter `own`."""
    return f"geoflow.{name}" if name.startswith("own.") else f"{PACKAGE}.{name}"


def class_name(study: str) -> str:
    """The name of the class of a study: `planet_costs` -> `PlanetCosts`."""
    return "".join(part.capitalize() for part in study.split("_"))


def module_of(study: str) -> str:
    """The module that computes the study "chapter/name"."""
    return _module(f"{study.replace('/', '.')}.study")


def _figures(path: Path) -> dict[str, Figure]:
    try:
        listed = yaml.safe_load(path.read_text()) if path.exists() else {}
        return {name: Figure(**one) for name, one in (listed or {}).items()}
    except (yaml.YAMLError, TypeError, AttributeError):
        raise InputError(f"{path}: expected 'NAME: {{draws: own.STUDY.figure:draw, experiments: [...]}}'.") from None


FIGURES = _figures(FOLDER / "figures.yaml") | _figures(Path(__file__).with_name("figures.yaml"))
