"""The reference of the public names of geoflow, one page per package of ARCHITECTURE.md."""

import re
from collections.abc import Iterator
from pathlib import Path

from website.entry_pages import Page
from website.markdown import code, link, page, table, toctree

SOURCE = Path("src/geoflow")
LEFT_OUT = ("studies",)  # has pages of its own
PACKAGE = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.M)


def api_pages() -> Iterator[Page]:
    """Yield the index and one page per package, with all public functions and classes of its modules."""
    packages = {
        name: text for name, text in PACKAGE.findall(Path("ARCHITECTURE.md").read_text()) if name not in LEFT_OUT
    }
    for name, text in packages.items():
        yield f"api/{name}.md", page(f"geoflow.{name}", text[:1].upper() + text[1:] + ".", *map(_module, modules(name)))
    rows = [(link(code(f"geoflow.{name}"), f"api/{name}.md", "api/index.md"), text) for name, text in packages.items()]
    intro = "These names can be imported from `geoflow` itself; the packages below have all others."
    top = "```{eval-rst}\n.. automodule:: geoflow\n   :members:\n   :imported-members:\n   :noindex:\n```"
    yield (
        "api/index.md",
        page("Python reference", intro, top, "## Packages", table(("package", "contents"), rows), toctree(packages)),
    )


def modules(package: str) -> list[str]:
    """The public modules of a package, or the single module of that name."""
    if not (SOURCE / package).is_dir():
        return [package]
    found = []
    for path in sorted((SOURCE / package).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not any(part.startswith("_") for part in parts):
            found.append(".".join(parts))
    return sorted(set(found))


def _module(name: str) -> str:
    return f"```{{eval-rst}}\n.. automodule:: geoflow.{name}\n   :members:\n   :ignore-module-all:\n```"
