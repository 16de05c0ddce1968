"""The commands of many jobs, run by one process: the start of Python and its libraries is most of a short job."""

import re
import sys

from geoflow.studies import FIGURES
from trees import Tree

SMOKE = ("--config", "scale=smoke")
# Drawn by a job each, and their experiments computed by one: a figure of each chapter, one of tracked results, and
# those of the coursework.
JOBS = ("order_pendulum", "harmonic_oscillator", "kepler_invariants", "expansion", "digits_schemes", "fashion_images")
COMPUTED = {experiment for name in JOBS for experiment in FIGURES[name].experiments}
RUN = """
import shlex, sys
from geoflow.run import main
for command in sys.argv[1:]:
    main(shlex.split(command))
"""
DRAW = """
import shlex, sys
from pathlib import Path
sys.path.insert(0, "workflow/scripts")
from whole import record
from geoflow.pipeline.draw import main
for command, products in zip(sys.argv[1::2], sys.argv[2::2]):
    assert main(shlex.split(command)) == 0, command
    record(map(Path, shlex.split(products)))
"""


def ran(tree: Tree, *words: str) -> str:
    """What `snakemake *words` prints; it has to succeed."""
    done = tree.snakemake(*words)
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def compute_the_rest(tree: Tree) -> None:
    """Run all studies that have not run yet, and tell Snakemake that its jobs have."""
    planned = ran(tree, "-n", "-p", *SMOKE, "--", "data")
    jobs = re.findall(r"-m geoflow\.run (config=\S+ out=(\S+)) 2>&1", planned)
    assert len(jobs) > 50
    frozen = [re.search(r"config=(\S+)", words)[1] for words, _ in jobs]
    ran(tree, "--cores", "2", *SMOKE, "--", *frozen)
    in_one_process(tree, RUN, *(words for words, _ in jobs))
    ran(tree, "--touch", "--forcerun", *(f"{folder}/complete.json" for _, folder in jobs), *SMOKE, "--", "data")


def draw_the_rest(tree: Tree) -> None:
    """Draw all figures that are not drawn yet, and tell Snakemake that its jobs have run."""
    planned = ran(tree, "-n", "-p", *SMOKE, "--", "figures")
    jobs = re.findall(r"-m geoflow\.pipeline\.draw (.*) 2>&1 .* && python workflow/scripts/whole\.py (.*)", planned)
    assert len(jobs) > 50
    in_one_process(tree, DRAW, *(word for job in jobs for word in job))
    products = [path for _, paths in jobs for path in paths.split()]
    ran(tree, "--touch", "--forcerun", *products, *SMOKE, "--", "figures")


def in_one_process(tree: Tree, program: str, *words: str) -> None:
    done = tree.run([sys.executable, "-c", program, *words])
    assert done.returncode == 0, done.stdout[-6000:]
