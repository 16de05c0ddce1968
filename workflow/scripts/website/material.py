"""Everything that the pages show, read once: results, claims, captions, provenance, and the facts of the tables."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoflow.describe import TABLES
from geoflow.ground import Results, read_table
from geoflow.pipeline.digests import words_of
from geoflow.studies import FIGURES

if TYPE_CHECKING:
    import pandas as pd

GENERATED = Path("report/generated")
FIGURES_FOLDER = Path("figures")
BIBLIOGRAPHY = Path("report/references.bib")


@dataclass(frozen=True)
class Material:
    """results: folder of a scale; tracked: folders of tracked results; facts: folder that `entries` writes."""

    results: Path
    experiments: tuple[str, ...]
    tracked: tuple[Path, ...]
    facts: Path

    @property
    def scale(self) -> str:
        return self.results.name

    @cached_property
    def runs(self) -> dict[str, Results]:
        """Experiment -> its results."""
        folders = [*(self.results / name for name in self.experiments), *self.tracked]
        return {folder.name: Results(folder) for folder in sorted(folders, key=lambda one: one.name)}

    @cached_property
    def entries(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Kind -> name -> facts, findings and picture."""
        kinds = (json.loads((self.facts / f"{kind}.json").read_text()) for kind in TABLES)
        return {kind: {one["name"]: one for one in found} for kind, found in zip(TABLES, kinds, strict=True)}

    @cached_property
    def claims(self) -> "pd.DataFrame":
        return read_table(self.results / "claims.parquet")

    @cached_property
    def keys(self) -> set[str]:
        """Keys of the bibliography."""
        return set(re.findall(r"^@\w+\{(\w+),", BIBLIOGRAPHY.read_text(), re.M))

    @cached_property
    def figures(self) -> dict[str, tuple[str, ...]]:
        """Figure -> its experiments, for every figure whose results are there."""
        return {
            name: tuple(figure.experiments)
            for name, figure in FIGURES.items()
            if all(one in self.runs for one in figure.experiments) and (FIGURES_FOLDER / f"{name}.png").is_file()
        }

    @cached_property
    def figures_of(self) -> dict[str, list[str]]:
        """Experiment -> its figures."""
        found = defaultdict(list)
        for name, experiments in self.figures.items():
            for experiment in experiments:
                found[experiment].append(name)
        return dict(found)

    @cached_property
    def captions(self) -> dict[str, str]:
        """Figure -> its caption in reStructuredText, with numbers."""
        return {path.stem: path.read_text() for path in (GENERATED / "captions").glob("*.rst")}

    @cached_property
    def provenance(self) -> dict[str, str]:
        """Figure -> rule, digests and commit, as the report prints them."""
        text = (GENERATED / "provenance.tex").read_text()
        found = re.findall(r"\\@namedef\{geoflow@provenance@(\w+)\}\{(.*)\}$", text, re.M)
        return {name: said.replace("\\", "") for name, said in found}

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        """Entry -> the experiments whose values name it."""
        found = defaultdict(list)
        for experiment, run in self.runs.items():
            for word in dict.fromkeys(words_of(run.config["values"])):
                found[word].append(experiment)
        return dict(found)

    def study_of(self, experiment: str) -> str:
        """The study of an experiment, "chapter/name"."""
        config = self.runs[experiment].config
        return f"{config['stage']}/{config['study']}"
