"""Make and open what the pipeline makes.

    geoflow draw kepler_orbits       makes figures/kepler_orbits.pdf, and the results that it needs
    geoflow open kepler_orbits       opens it; also report, supplement, site, or any file

Without a display, `open` prints the path.
"""

import argparse
import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from planned import command

from geoflow.ground import InputError, nearest
from geoflow.ground.sentences import exit_status
from geoflow.studies import FIGURES

DOCUMENTS = {
    **{name: Path("figures") / f"{name}.pdf" for name in FIGURES},
    **{name: Path("report") / f"{name}.pdf" for name in ("report", "supplement")},
    "site": Path("site/html/index.html"),
}


def file_of(name: str) -> Path:
    """The file of a figure or document; raises InputError for an unknown name, and for a file that is not made yet."""
    path = DOCUMENTS.get(Path(name).stem if name.startswith("figures/") else name, Path(name))
    if path.is_file():
        return path
    if path not in DOCUMENTS.values():
        raise InputError(f"there is no figure, document or file {name!r}; {nearest(name, DOCUMENTS)}")
    figure = path.parts[0] == "figures"
    raise InputError(
        f"{path} is not made yet; try: {'geoflow draw' if figure else 'make'} {path.stem if figure else name}"
    )


def draw(names: Sequence[str], scale: str, cores: int) -> int:
    """Make figures through Snakemake; returns its exit status."""
    for name in names:
        if name not in FIGURES:
            raise InputError(f"there is no figure {name!r}; {nearest(name, FIGURES)}")
    return subprocess.run(command(["--cores", str(cores)], names, scale)).returncode


def open_file(path: Path) -> None:
    """Open a file with the viewer of the system; without a display print its path."""
    display = sys.platform in ("darwin", "win32") or os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")
    program = {"darwin": "open", "linux": "xdg-open"}.get(sys.platform, "")
    if not display:
        print(path)
    elif shutil.which(program):
        subprocess.run([program, path], check=False)
    else:
        webbrowser.open(path.resolve().as_uri())


def main(words: Sequence[str]) -> int:
    """Run `draw` or `open`."""
    parser = argparse.ArgumentParser(prog="geoflow")
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", description="make figures, and the results that they need")
    drawing.add_argument("names", nargs="+", metavar="FIGURE")
    drawing.add_argument("--scale", default="default")
    drawing.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="default: all (%(default)s)")
    opening = commands.add_parser("open", description="open a figure or a document with the viewer of the system")
    opening.add_argument("name", help="a figure, report, supplement, site, or a file")
    asked = parser.parse_args(words)
    if asked.command == "draw":
        return draw(asked.names, asked.scale, asked.cores)
    open_file(file_of(asked.name))
    return 0


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[1:])))
