"""Descriptions of figures, studies and experiments, and full references."""

import re
from inspect import getdoc
from itertools import takewhile
from pathlib import Path
from typing import Any

from geoflow.pipeline.manual import read_descriptions
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES, find_studies

BIBLIOGRAPHY = Path("report/references.bib")


def experiments() -> dict[str, str]:
    """Name -> claim of each experiment: the comment at the top of its file, after the lines for Hydra and editors."""
    claims = {}
    for name, path in experiment_files().items():
        top = takewhile(lambda line: line.startswith("#"), path.read_text().splitlines())
        said = [line.lstrip("# ") for line in top]
        claims[name] = " ".join(x for x in said if not x.startswith(("@", "yaml-language-server")))
    return claims


def figures() -> dict[str, str]:
    """Name -> experiments of each figure."""
    return {name: f"from {', '.join(figure.experiments)}" for name, figure in FIGURES.items()}


def studies() -> dict[str, str]:
    """ "chapter/study" -> first sentence of its description."""
    said = {name: " ".join((getdoc(study) or "").split("\n\n")[0].split()) for name, study in find_studies().items()}
    return {name: text.partition(". ")[0] for name, text in said.items()}


def figure_facts(name: str) -> dict[str, Any]:
    """The function that draws a figure, its experiments, and the commands."""
    figure = FIGURES[name]
    return {
        "drawn by": f"{figure.module}:{figure.function}",
        "experiments": list(figure.experiments),
        "results and figure": f"snakemake --cores 2 figures/{name}.pdf",
        "from existing results": f"python -m geoflow.pipeline.draw {name}",
    }


def study_facts(name: str) -> dict[str, Any]:
    """What a study takes and returns, and the experiments that use it."""
    study = find_studies()[name]
    said, uses = read_descriptions(study), re.compile(rf"override /study: {name}$", re.M)
    return {
        "description": getdoc(study),
        "values": "\n".join(f"{key}: {said[key]}" if key in said else key for key in study.__annotations__),
        "tables": "\n".join(f"{table}: {columns}" for table, columns in study.tables.items()),
        "summary": " ".join(study.summary.split()),
        "experiments": [one for one, path in experiment_files().items() if uses.search(path.read_text())],
    }


def experiment_facts(name: str) -> dict[str, Any]:
    return {"claim": experiments()[name], "config": experiment_files()[name].read_text()}


def references(text: str) -> str:
    """The entries of the report's bibliography whose keys occur in a text; empty outside of the repository."""
    known = BIBLIOGRAPHY.read_text() if BIBLIOGRAPHY.exists() else ""
    entries = re.finditer(r"^@\w+\{(\w+),.*?^\}", known, re.M | re.S)
    return "\n".join(entry[0] for entry in entries if re.search(rf"\b{entry[1]}\b", text))
