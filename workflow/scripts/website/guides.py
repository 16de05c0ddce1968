"""The start page, the how-to pages of docs/, and the pages of the repository, with their links turned to the site's."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from website.entry_pages import Page
from website.markdown import directive, page, relative, toctree
from website.material import Material

# File of the repository -> page of the site.
PAGES = {
    "README.md": "index.md",
    "docs/library.md": "guides/library.md",
    "docs/pipeline.md": "guides/pipeline.md",
    "docs/recipes.md": "guides/recipes.md",
    "docs/cluster.md": "guides/cluster.md",
    "docs/coursework.md": "guides/coursework.md",
    "ARCHITECTURE.md": "guides/architecture.md",
    "NOTATION.md": "guides/notation.md",
    "CONTRIBUTING.md": "guides/contributing.md",
    "CHANGELOG.md": "guides/changelog.md",
    "docs/tutorials/README.md": "tutorials/index.md",
}
PICTURES = {
    "kepler_orbits": "Long runs of one orbit by many methods",
    "discs": "Images of discs under one step",
    "mnist_robustness": "Accuracy under attack, with certificates",
}
SECTIONS = ("tutorials/index", "gallery/index", "views/index", "reference", "guides/index", "api/index")
REFERENCE_TEXT = (
    "Every entry of the tables of geoflow, every experiment and every study has a page, generated from the code."
)
REFERENCE = ("methods", "problems", "potentials", "layers", "experiments", "studies")


def turn_links(text: str, source: str, target: str) -> str:
    """Replace the links of a Markdown file: to pages of the site, or to the name of a file that is not part of it."""

    def one(match: re.Match[str]) -> str:
        words, address = match[1], match[2]
        if re.match(r"\w+:", address) or address.startswith("#"):
            return match[0]
        path, _, anchor = address.partition("#")
        there = PurePosixPath(os.path.normpath(PurePosixPath(source).parent / path)).as_posix()
        if there in PAGES:
            return f"[{words}]({relative(PAGES[there], target)}{'#' * bool(anchor)}{anchor})"
        if there.startswith("docs/tutorials/"):
            return f"[{words}]({relative(f'tutorials/{PurePosixPath(there).stem}.ipynb', target)})"
        return words if words.startswith("`") else f"{words} (`{there}`)"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    return "".join(
        part if k % 2 else re.sub(r"(?<!!)\[([^]]*)\]\(([^)\s]+)\)", one, part) for k, part in enumerate(parts)
    )


def section(text: str, title: str) -> str:
    """The text below the heading `## title`, up to the next heading of that level."""
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0].strip()


def guide_pages(material: Material) -> Iterator[Page]:
    """Yield the start page and the page of every guide."""
    for source, target in PAGES.items():
        if target == "index.md":
            continue
        text = turn_links(Path(source).read_text(), source, target)
        if target == "tutorials/index.md":
            names = sorted(path.stem for path in Path("docs/tutorials").glob("[0-9]_*.md"))
            text += "\n" + toctree(names) + "\n"
        yield target, text
    names = [Path(target).stem for target in PAGES.values() if target.startswith("guides/")]
    stages = directive(
        "figure", "../figures/stages.png", "The stages of the pipeline, from Snakemake's graph of rules.", alt="stages"
    )
    yield "guides/index.md", page("Guides", stages, toctree(names, hidden=False))
    addresses = [*(f"{kind}/index" for kind in REFERENCE), "references"]
    yield "reference.md", page("Reference", REFERENCE_TEXT, toctree(addresses, hidden=False))
    yield "references.md", page("Bibliography", "```{bibliography}\n:all:\n```")
    yield "index.md", start_page(material)


def start_page(material: Material) -> str:
    """Three pictures, the three commands and the main results of README, and where to go."""
    readme = turn_links(Path("README.md").read_text(), "README.md", "index.md")
    introduction = readme.split("\n\n", 2)[1]
    pictures = [_picture(name, words) for name, words in PICTURES.items() if name in material.figures]
    report = ' The report as PDF: <a href="report.pdf">report.pdf</a>.' if Path("report/report.pdf").is_file() else ""
    parts = [
        introduction + report,
        directive("grid", "1 3 3 3", "\n\n".join(pictures), gutter="3"),
        "## Three commands\n\n" + section(readme, "Three commands"),
        "## Main results\n\n" + section(readme, "Main results"),
        "## First steps in Python\n\n" + section(readme, "First steps in Python"),
        toctree(SECTIONS),
    ]
    return page("geoflow", *parts)


def _picture(name: str, words: str) -> str:
    return directive(
        "grid-item-card",
        words,
        img_top=f"thumbnails/{name}.png",
        link=f"gallery/{name}",
        link_type="doc",
        img_alt=words,
    )
