"""Sphinx's configuration of the site. Everything is local: no page loads anything from a network."""

import re
from typing import Any

import geoflow

project = "geoflow"
author = "The geoflow developers"
project_copyright = author
version = release = geoflow.__version__

extensions = [
    "myst_nb",  # Markdown and executed notebooks
    "sphinx_design",  # cards, grids, drop-downs
    "sphinxcontrib.bibtex",  # full references
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebooks were executed by jobs of their own
suppress_warnings = ["myst.header", "bibtex.duplicate_label", "bibtex.duplicate_citation"]
bibtex_bibfiles = ["references.bib"]
bibtex_footbibliography_header = ""

html_theme = "pydata_sphinx_theme"
html_title = "geoflow"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # the summaries would be fetched, which a browser refuses for files
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system
html_theme_options: dict[str, Any] = {
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "navigation_depth": 2,
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "pygments_light_style": "tango",
    "pygments_dark_style": "github-dark",
}
mathjax_path = "tex-svg-full.js"
mathjax3_config = {"startup": {"typeset": True}, "options": {"enableMenu": False}}
autodoc_typehints = "signature"
autodoc_member_order = "bysource"


def escape_docstring(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Treat docstrings as plain text: escape what reStructuredText would interpret, and turn `x` into code."""
    parts = re.split(r"`([^`]+)`", "\n".join(line.strip() for line in lines))
    for k, part in enumerate(parts):
        if k % 2:
            parts[k] = rf"\ ``{' '.join(part.split())}``\ "
        else:
            parts[k] = re.sub(r"^([-+.\d])", r"\\\1", re.sub(r"([\\*_|`:<>\[\]])", r"\\\1", part), flags=re.M)
    lines[:] = "".join(parts).splitlines()


def setup(app: Any) -> None:
    """Connect the conversion of docstrings."""
    app.connect("autodoc-process-docstring", escape_docstring)
