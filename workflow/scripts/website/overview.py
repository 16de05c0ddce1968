"""The sortable and filterable tables of all methods, problems, potentials, layers, experiments and studies."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from itables import to_html_datatable

from geoflow.describe import experiments as experiment_texts
from geoflow.studies import find_studies
from website.entry_pages import WORDS, Page
from website.experiment_pages import study_address
from website.markdown import DASH, page, toctree
from website.material import Material

LENGTH = 25  # rows of a page of a table
TITLES = {
    "methods": "Methods",
    "problems": "Problems",
    "potentials": "Potentials",
    "layers": "Layers",
    "experiments": "Experiments",
    "studies": "Studies",
}
INTRODUCTIONS = {
    "methods": "Click on a column to sort, type into the search field to filter. *Measured* is the order that the "
    "experiment `catalogue` measured. $r$ is the contractivity radius: steps $h \\le 2r/L$ are non-expansive.",
    "problems": "Differential equations, with their structure. A name leads to the page of the problem.",
    "potentials": "Convex potentials, whose gradient flow is non-expansive, with their constants.",
    "layers": "Layers of networks, each with the law that it satisfies by construction.",
    "experiments": "The experiments of this run and the tracked ones. *Holding* counts the claims that hold.",
    "studies": "A study is the code of a kind of experiment: it takes values and returns tables.",
}


def overview_pages(material: Material) -> Iterator[Page]:
    """Yield the index page of every kind, with its table and the list of its pages."""
    for kind, title in TITLES.items():
        frame, pages = _FRAMES[kind](material)
        yield f"{kind}/index.md", page(title, INTRODUCTIONS[kind], interactive(frame, f"table-{kind}"), toctree(pages))


def interactive(frame: pd.DataFrame, identifier: str) -> str:
    """A table that sorts, filters and pages in the browser; the library is in _static/itables.js."""
    shown = to_html_datatable(
        frame, table_id=identifier, connected=False, showIndex=False, allow_html=True,
        paging=len(frame) > LENGTH, pageLength=LENGTH,
        classes="display compact", style="width:100%", maxBytes=0, scrollX=True,
        layout={"topStart": "info", "topEnd": "search", "bottomStart": None, "bottomEnd": "paging"},
    )  # fmt: skip
    shown = re.sub(r"<tbody>.*?</tbody>", "", shown, count=1, flags=re.S)  # a notice about notebooks while it loads
    return '```{raw} html\n<script src="../_static/itables.js"></script>\n' + shown + "\n```"


def _name(name: str, address: str | None = None) -> str:
    return f'<a href="{address or name}.html">{html.escape(name)}</a>'


def _methods(material: Material) -> tuple[pd.DataFrame, list[str]]:
    measured: dict[str, float] = {}
    if "catalogue" in material.runs:
        catalogue = material.runs["catalogue"].table("catalogue")
        measured = dict(zip(catalogue["method"], catalogue["order"], strict=True))
    entries = material.entries["methods"]
    rows = []
    for name, entry in entries.items():
        facts = entry["facts"]
        rows.append(
            {
                "method": _name(name),
                "family": facts["group"],
                "order": facts["order"],
                "measured": f"{measured[name]:.2f}" if name in measured else DASH,
                "stages": facts["stages"],
                **{key: WORDS[facts[key]] for key in ("explicit", "symplectic", "symmetric")},
                "A-stable": WORDS[facts["a_stable"]],
                "r": _number(facts["contractivity_radius"]),
                "source": facts["reference"],
            }
        )
    return pd.DataFrame(rows), list(entries)


def _number(x: Any) -> str:
    return DASH if x is None else "∞" if x == "inf" else f"{x:.4g}"


def _problems(material: Material) -> tuple[pd.DataFrame, list[str]]:
    entries = material.entries["problems"]
    rows = [
        {
            "problem": _name(name),
            "dimension": facts["dimension"],
            **{key: WORDS[facts[key]] for key in ("separable", "autonomous")},
            "exact": WORDS[facts["exact_solution"]],
            "invariants": ", ".join(facts["invariants"]),
            "source": facts["reference"],
        }
        for name, facts in _facts(entries)
    ]
    return pd.DataFrame(rows), list(entries)


def _facts(entries: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, entry["facts"]) for name, entry in entries.items())


def _first_sentence(text: str) -> str:
    return html.escape(" ".join(text.split("\n\n")[0].split()))


def _potentials(material: Material) -> tuple[pd.DataFrame, list[str]]:
    entries = material.entries["potentials"]
    rows = [
        {
            "potential": _name(name),
            "formula": _first_sentence(facts["description"]),
            "dimension": facts["dimension"],
            "L": _number(facts["L"]),
            "mu": _number(facts["mu"]),
            "source": facts["reference"],
        }
        for name, facts in _facts(entries)
    ]
    return pd.DataFrame(rows), list(entries)


def _layers(material: Material) -> tuple[pd.DataFrame, list[str]]:
    entries = material.entries["layers"]
    rows = [
        {
            "layer": _name(name),
            "formula": html.escape(facts["formula"]),
            "law": html.escape(facts["law"]),
            "non-expansive": WORDS[facts["non_expansive"]],
            "source": facts["reference"],
        }
        for name, facts in _facts(entries)
    ]
    return pd.DataFrame(rows), list(entries)


def _experiments(material: Material) -> tuple[pd.DataFrame, list[str]]:
    texts, rows = experiment_texts(), []
    judged = material.claims.groupby("experiment")["holds"]
    held, of = judged.sum().to_dict(), judged.size().to_dict()
    for name, run in material.runs.items():
        study = material.study_of(name)
        claims = f"{held[name]} of {of[name]}" if name in held else DASH
        rows.append(
            {
                "experiment": _name(name),
                "chapter": run.config["stage"],
                "study": _name(study, f"../{study_address(study).removesuffix('.md')}"),
                "claims holding": claims,
                "statement": html.escape(texts[name]),
            }
        )
    return pd.DataFrame(rows), list(material.runs)


def _studies(material: Material) -> tuple[pd.DataFrame, list[str]]:
    rows, pages = [], []
    for study, declared in find_studies().items():
        own = [name for name in material.runs if material.study_of(name) == study]
        pages.append(study.replace("/", "_"))
        rows.append(
            {
                "study": _name(study, pages[-1]),
                "experiments": ", ".join(_name(one, f"../experiments/{one}") for one in own),
                "description": _first_sentence(declared.__doc__ or ""),
            }
        )
    return pd.DataFrame(rows), pages


_FRAMES = {
    "methods": _methods,
    "problems": _problems,
    "potentials": _potentials,
    "layers": _layers,
    "experiments": _experiments,
    "studies": _studies,
}
