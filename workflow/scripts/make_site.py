"""The steps of the documentation site. Each rule runs one step by its name.

    python workflow/scripts/make_site.py STEP key=value ...

Each function in STEPS is a step, and its parameters are the keys.
"""

import inspect
import sys
from importlib.util import find_spec
from pathlib import Path

from steps import arguments, several

from geoflow.ground import InputError
from geoflow.ground.sentences import sentences
from geoflow.pipeline.checking import require_known

PACKAGES = ("sphinx", "myst_nb", "jupytext", "nbclient", "ipykernel", "itables", "plotly")


def require_packages() -> None:
    """Raise InputError if a package of requirements-site.lock is missing."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise InputError(
            f"the site needs the package {missing[0]}, which the default set-up does not install; run make site, or "
            "python -m pip install --no-deps --require-hashes -r requirements-site.lock."
        )


def entries(kind: str, out: str) -> None:
    """Write the facts of all entries of a table: methods, problems, potentials or layers."""
    from website.entries import write

    write(kind, out)


def notebook(page: str, out: str) -> None:
    """Execute a tutorial."""
    require_packages()
    from website.notebooks import write

    write(page, out)


def build(results: str, experiments: str, tracked: str, facts: str, notebooks: str, out: str) -> None:
    """Write the pages and turn them into HTML; out: index.html in the folder of the site."""
    require_packages()
    from website.material import Material
    from website.source import build

    material = Material(Path(results), tuple(several(experiments)), tuple(map(Path, several(tracked))), Path(facts))
    build(material, Path(notebooks), Path(out).parent)


STEPS = (entries, notebook, build)


def main(name: str = "", *words: str) -> None:
    """Run the step `name`; raises InputError if it does not exist."""
    known = {one.__name__: one for one in STEPS}
    require_known("make_site.py", "step", name, known)
    known[name](**arguments(words, list(inspect.signature(known[name]).parameters)))


if __name__ == "__main__":
    with sentences():
        main(*sys.argv[1:])
