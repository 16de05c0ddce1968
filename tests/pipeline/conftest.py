"""The trees in which the tests of the pipeline run Snakemake."""

import re
import shutil
import sys

import pytest
from spiral import EXPERIMENT, SHARED

from trees import Tree, clean_copy, small_copy

SMOKE = ("--config", "scale=smoke")
# Drawn by a job each: one per chapter, one of tracked results, and those of the coursework.
JOBS = ("order_pendulum", "harmonic_oscillator", "kepler_invariants", "expansion", "digits_schemes", "fashion_images")
DRAW = """
import shlex, sys
from pathlib import Path
from geoflow.pipeline.draw import main
from geoflow.pipeline.whole import record
for command, products in zip(sys.argv[1::2], sys.argv[2::2]):
    assert main(shlex.split(command)) == 0, command
    record(map(Path, shlex.split(products)))
"""


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory) -> Tree:
    """The whole workflow at the smallest scale, run once from a clean copy."""
    tree = clean_copy(tmp_path_factory.mktemp("reproduced") / "geoflow")
    ran(tree, "--cores", "2", *SMOKE, "--", "data", *(f"figures/{name}.pdf" for name in JOBS))
    draw_the_rest(tree)
    ran(tree, "--cores", "2", *SMOKE)
    return tree


def ran(tree: Tree, *words: str) -> str:
    done = tree.snakemake(*words)
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def draw_the_rest(tree: Tree) -> None:
    """Run the commands of all figures that are not drawn yet in one process, and tell Snakemake that its jobs have run.

    The start of Python and its libraries is three quarters of each of these jobs.
    """
    planned = ran(tree, "-n", "-p", *SMOKE, "--", "figures")
    jobs = re.findall(r"-m geoflow\.pipeline\.draw (.*) 2>&1 .* -m geoflow\.pipeline\.whole (.*)", planned)
    assert len(jobs) > 50
    drawn = tree.run([sys.executable, "-c", DRAW, *(word for job in jobs for word in job)])
    assert drawn.returncode == 0, drawn.stdout[-6000:]
    products = [path for _, paths in jobs for path in paths.split()]
    ran(tree, "--touch", "--forcerun", *products, *SMOKE, "--", "figures")


@pytest.fixture
def small(tmp_path) -> Tree:
    """A clean copy with one quick experiment, harmonic_oscillator: for what a test may break."""
    return small_copy(tmp_path / "geoflow")


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A config tree with one experiment, called spiral; returns the path of its file."""
    folder = tmp_path / "config"
    (folder / "scale").mkdir(parents=True)
    (folder / "experiment" / "hamiltonian").mkdir(parents=True)
    shutil.copy(SHARED, folder / "config.yaml")
    (folder / "methods").mkdir()
    (folder / "methods" / "two.yaml").write_text("full: [explicit_euler, rk4]\nfew: [rk4]\n")
    for scale in ("smoke", "default", "paper"):
        (folder / "scale" / f"{scale}.yaml").write_text(f"name: {scale}\n")
    path = folder / "experiment" / "hamiltonian" / "spiral.yaml"
    path.write_text(EXPERIMENT)
    monkeypatch.chdir(tmp_path)
    return path
