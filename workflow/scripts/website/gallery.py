"""The gallery of all figures: one page per figure, and an index by chapter."""

import re
from collections import defaultdict
from collections.abc import Iterator

from geoflow.ground.results import Results
from geoflow.studies import FIGURES
from website.entry_pages import Page
from website.experiment_pages import claim_table, data_links
from website.markdown import DASH, code, directive, escape, fenced, link, page, toctree
from website.material import Material

INTRODUCTION = (
    "All figures of the report, by chapter. Each page has the caption, the claims of its experiments with value, "
    "threshold and verdict, its provenance, the command that draws it, and its data."
)


def markdown_caption(restructured: str) -> str:
    """Convert a caption of the step `captions` to MyST: the same roles in braces, other text escaped."""
    parts = re.split(r":math:`([^`]*)`", restructured.strip())
    shown = [f"{{math}}`{part}`" if k % 2 else _plain(part) for k, part in enumerate(parts)]
    return "".join(shown)


def _plain(text: str) -> str:
    pieces = re.split(r"\*([^*]+)\*", text)
    return "".join(f"*{escape(one)}*" if k % 2 else escape(one) for k, one in enumerate(pieces)).replace("--", DASH)


def chapter(figure: str) -> str:
    return FIGURES[figure].draws.partition(".")[0]


def gallery_pages(material: Material) -> Iterator[Page]:
    """Yield the index and the page of every figure."""
    chapters = defaultdict(list)
    for figure in material.figures:
        chapters[chapter(figure)].append(figure)
        yield f"gallery/{figure}.md", figure_page(material, figure)
    parts = [INTRODUCTION]
    for name, figures in chapters.items():
        cards = "\n\n".join(_card(figure, material) for figure in figures)
        parts += [f"## {name.capitalize()}", directive("grid", "1 2 3 3", cards, gutter="3")]
    yield "gallery/index.md", page("Gallery", *parts, toctree(material.figures))


def _card(figure: str, material: Material) -> str:
    words = material.captions.get(figure, "").replace(":math:", "")
    first = re.split(r"(?<=[.:])\s", words)[0]
    return directive(
        "grid-item-card", figure.replace("_", " "), img_top=f"../thumbnails/{figure}.png", link=figure, link_type="doc",
        img_alt=escape(first.strip() or figure),
    )  # fmt: skip


def figure_page(material: Material, figure: str) -> str:
    """Picture and caption, claims, provenance, command and data of one figure."""
    address = f"gallery/{figure}.md"
    experiments = material.figures[figure]
    runs: list[Results] = [material.runs[one] for one in experiments]
    claims = claim_table(material, experiments)
    links = ", ".join(link(code(one), f"experiments/{one}.md", address) for one in experiments)
    tracked = any(run.config["scale"] != material.scale for run in runs)
    parts = [
        directive(
            "figure",
            f"../figures/{figure}.png",
            markdown_caption(material.captions.get(figure, figure)),
            alt=f"figure {figure}",
        ),
        f"Experiments: {links}."
        + (" The results are tracked; they were computed at the scale `paper`." if tracked else ""),
        f"## Claims\n\n{claims}" if claims else "",
        "## Draw it again",
        fenced(f"snakemake figures/{figure}.pdf --cores 2", "bash"),
        f"The code is `{FIGURES[figure].module}:{FIGURES[figure].function}`.",
        "## Data",
        *(part for one in experiments for part in (f"### {escape(one)}", data_links(material, one, address))),
        f"## Provenance\n\n{code(material.provenance.get(figure, ''))}",
    ]
    return page(figure, *parts)
