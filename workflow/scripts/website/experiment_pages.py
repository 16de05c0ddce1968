"""One page per experiment and per study, from `config/`, the results and the claims."""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from typeset import typeset

from geoflow.describe import experiments as experiment_texts
from geoflow.ground import Results
from geoflow.pipeline.claims import expected_range
from geoflow.pipeline.latex import number
from geoflow.pipeline.written import experiment_files
from geoflow.studies import find_studies
from website.entry_pages import Page, value
from website.markdown import DASH, code, directive, escape, fenced, link, page, prose, relative, table
from website.material import Material

LARGEST = 1_000_000  # bytes of a table that is copied into the site
DATA = "data"
RESULTS = "data/results"
ORIGIN = ("config", "code", "commit", "seed", "scale")


def math(text: str) -> str:
    r"""LaTeX of geoflow.pipeline.latex as Markdown: \ensuremath{x} becomes $x$."""
    return re.sub(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}", r"$\1$", text).replace("--", DASH)


def claim_table(material: Material, experiments: Iterable[str]) -> str:
    """The claims of the experiments with value, threshold and verdict; empty if there are none."""
    own = material.claims[material.claims["experiment"].isin(list(experiments))]
    rows = [
        (
            escape(claim["text"]),
            math(number(claim["value"])),
            math(expected_range(claim["below"], claim["above"])),
            "holds" if claim["holds"] else "**fails**",
        )
        for claim in own.to_dict("records")
    ]
    return table(("claim", "value", "expected", "verdict"), rows) if rows else ""


def data_links(material: Material, experiment: str, address: str) -> str:
    """A table of the result files with rows, columns and a link; large files are named by their path."""
    run, rows = material.runs[experiment], []
    for path in sorted(run.folder.glob("*.parquet")):
        frame = run.table(path.stem)
        units = frame.attrs["geoflow"].get("units", {})
        columns = ", ".join(code(one) + (f" ({escape(units[one])})" if one in units else "") for one in frame.columns)
        rows.append((_file(path, f"{DATA}/{experiment}/{path.name}", address), f"{len(frame):,}", columns))
    return table(("file", "rows", "columns"), rows)


def _file(path: Path, target: str, address: str) -> str:
    if path.stat().st_size > LARGEST:
        return f"{code(path.as_posix())} ({path.stat().st_size / 1e6:.1f} MB)"
    return f'<a href="{relative(target, address)}">{path.name}</a>'


def experiment_pages(material: Material) -> Iterator[Page]:
    """Yield the page of every experiment that has results."""
    texts, files = experiment_texts(), experiment_files()
    for name, run in material.runs.items():
        address = f"experiments/{name}.md"
        study = material.study_of(name)
        figures = [_thumbnail(figure, address) for figure in material.figures_of.get(name, ())]
        claims = claim_table(material, [name])
        parts = [
            escape(texts[name]),
            f"Study {link(code(study), study_address(study), address)}; scale `{run.config['scale']}`.",
            directive("grid", "1 2 2 2", "\n\n".join(figures), gutter="3") if figures else "",
            f"## Claims\n\n{claims}" if claims else "",
            "## Results",
            data_links(material, name, address),
            _origin(run),
            "## Values",
            fenced(files[name].read_text(), "yaml"),
            "## Run it again",
            fenced(f"snakemake {RESULTS}/{run.config['scale']}/{name}/complete.json --cores 1", "bash"),
            _named(material, run, address),
        ]
        yield address, page(name, *parts)


def _thumbnail(figure: str, address: str) -> str:
    image = relative(f"thumbnails/{figure}.png", address)
    target = relative(f"gallery/{figure}", address)
    return directive(
        "grid-item-card",
        figure.replace("_", " "),
        img_top=image,
        link=target,
        link_type="doc",
        img_alt=f"figure {figure}",
    )


def _origin(run: Results) -> str:
    known = run.provenance
    rows = [(key, code(str(known[key]))) for key in ORIGIN if key in known]
    return directive("dropdown", "Provenance", table(("", ""), [*rows, ("threads", str(run.config["threads"]))]))


def _named(material: Material, run: Results, address: str) -> str:
    lines = []
    for kind, entries in material.entries.items():
        used = [name for name in entries if run.folder.name in material.used_by.get(name, ())]
        if used:
            lines.append(f"- {kind}: " + ", ".join(link(code(one), f"{kind}/{one}.md", address) for one in used))
    return "## Entries that it names\n\n" + "\n".join(lines) if lines else ""


def study_address(study: str) -> str:
    return f"studies/{study.replace('/', '_')}.md"


def study_pages(material: Material) -> Iterator[Page]:
    """Yield the page of every study: what it takes, what it returns, its standing claims and its experiments."""
    for study, declared in find_studies().items():
        address = study_address(study)
        own = [name for name in material.runs if material.study_of(name) == study]
        folder = f"src/geoflow/studies/{study}"
        standing = Path(folder, "claims.yaml")
        experiments = ", ".join(link(code(one), f"experiments/{one}.md", address) for one in own)
        parts = [
            prose(typeset(declared)),
            f"Experiments: {experiments}." if own else "",
            "## Values",
            table(("field", "type", "default"), [_field(one) for one in fields(declared)]),
            "## Tables",
            table(("table", "columns"), [(code(name), escape(columns)) for name, columns in declared.tables.items()]),
            "## Summary",
            fenced(inspect.cleandoc(declared.summary), "text"),
            f"## Standing claims\n\n{fenced(standing.read_text(), 'yaml')}" if standing.exists() else "",
            f"The code is in `{folder}/config.py`, `{folder}/study.py` and `{folder}/figure.py`.",
        ]
        yield address, page(study, *parts)


def _field(one: Any) -> tuple[str, str, str]:
    kind = one.type if isinstance(one.type, str) else getattr(one.type, "__name__", str(one.type))
    kind = str(one.type) if "[" in str(one.type) else kind
    default = one.default_factory() if one.default_factory is not MISSING else one.default
    return code(one.name), code(kind.replace("geoflow.", "")), "" if default is MISSING else value(default)
