"""Start a method, problem, potential, layer, study or experiment of the own package: geoflow new KIND NAME.

The files hold an example with one mistake, which `geoflow check NAME` and the test of the new entry state in words.
"""

import argparse
import ast
import re
import sys
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path

import own_templates as templates

from geoflow.describe import names
from geoflow.ground import InputError
from geoflow.ground.sentences import exit_status
from geoflow.own import FOLDER
from geoflow.studies import FIGURES, class_name, find_studies

KINDS = ("method", "problem", "potential", "layer", "study", "experiment")
RESERVED = ("methods", "problems", "potentials", "layers", "figures", "tests")
METHODS = "from fractions import Fraction as Q\n\nfrom geoflow.integrators.families import explicit_rk"


def create(kind: str, name: str, folder: Path = FOLDER) -> list[Path]:
    """Write the files of a new entry; raises InputError for a name that is taken or not valid."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in RESERVED:
        raise InputError(f"expected a name of small letters, digits and _, got {name!r}; try my_{kind}.")
    listed = "experiments" if kind == "study" else f"{kind}s"
    if name in {*names(listed), *(one.rpartition("/")[2] for one in find_studies()), *FIGURES}:
        raise InputError(f"the name {name!r} is taken; choose another one (geoflow list {listed}).")
    files = {f"tests/test_{name}.py": templates.TEST}
    files |= {
        "method": {},
        "problem": {f"{name}.py": templates.PROBLEM},
        "potential": {f"{name}.py": templates.POTENTIAL},
        "layer": {f"{name}.py": templates.LAYER},
        "study": {
            f"{name}/config.py": templates.CONFIG,
            f"{name}/study.py": templates.STUDY,
            f"{name}/figure.py": templates.FIGURE,
            f"{name}.yaml": templates.OF_STUDY,
        },
        "experiment": {f"{name}.yaml": templates.EXPERIMENT},
    }[kind]
    entries = {
        "method": (METHODS, templates.METHOD),
        "problem": (f"from geoflow.own.{name} import {name}", '"NAME": NAME()'),
        "potential": (f"from geoflow.own.{name} import {name}", '"NAME": NAME'),
        "layer": (f"from geoflow.own.{name} import {class_name(name)}", '"NAME": CLASS'),
    }
    there = [path for path in files if (folder / path).exists()]
    if there:
        raise InputError(f"{relpath(folder / there[0])} exists; remove it, or choose another name.")
    made = [folder / path for path in files]
    for path, text in zip(made, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_named(text, name))
    if kind in entries:
        imports, entry = entries[kind]
        made.append(folder / f"{kind}s.py")
        add_entry(made[-1], f"{kind.upper()}S", imports, _named(entry, name))
    if kind == "study":
        made.append(folder / "figures.yaml")
        with made[-1].open("a") as file:
            file.write(f"{name}: {{draws: own.{name}.figure:draw, experiments: [{name}]}}\n")
    return made


def _named(text: str, name: str) -> str:
    return text.replace("NAME", name).replace("CLASS", class_name(name))


def add_entry(path: Path, table: str, imports: str, entry: str) -> None:
    """Write `entry` at the end of the dict `table` in a file, and its imports at the top; makes the file if needed."""
    if not path.exists():
        path.write_text(f"{imports}\n\n{table} = {{\n    {entry},\n}}\n")
        return
    text = path.read_text()
    for node in ast.parse(text).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(one, ast.Name) and one.id == table for one in targets):
            lines = text.splitlines()
            lines[node.end_lineno - 1 : node.end_lineno - 1] = [f"    {entry},"]  # type: ignore[operator]
            new = [line for line in imports.splitlines() if line and line not in lines]
            first = next((n for n, line in enumerate(lines) if line.startswith(("from ", "import "))), 0)
            lines[first:first] = new
            path.write_text("\n".join(lines) + "\n")
            return
    raise InputError(f"{path}: expected {table} = {{...}}, found none.")


def main(words: Sequence[str]) -> None:
    """Run `geoflow new` and say what to do next."""
    parser = argparse.ArgumentParser(prog="geoflow new", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("name")
    asked = parser.parse_args(words)
    made = create(asked.kind, asked.name)
    print("written:", *(relpath(path) for path in made), sep="\n  ")
    (test,) = [relpath(path) for path in made if path.parent.name == "tests"]
    print(f"next: put your own formulas and values in, until these two find no error:\n  geoflow check {asked.name}")
    print(f"  python -m pytest {test}")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
