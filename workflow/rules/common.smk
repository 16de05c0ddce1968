# What the rules share: the composed experiments of the scale, and helpers that look things up in them.
import os
import shutil
import sys
from functools import cache, partial
from pathlib import Path

# Jobs run the Python of this Snakemake and the sources of this tree, whichever way Snakemake was started.
SOURCE = os.path.join(workflow.basedir, "src")
sys.path[:0] = [SOURCE, os.path.join(workflow.basedir, "workflow/scripts")]
BIN = os.path.dirname(sys.executable)
os.environ.update(
    PYTHONPATH=SOURCE, PATH=os.pathsep.join([BIN, os.getenv("PATH", os.defpath)])
)
# The OpenMP threads of a job that wait for each other leave the core to the other jobs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from geoflow.ground.sentences import sentences

with sentences():
    from geoflow.pipeline.compose import canonical, experiments
    from geoflow.pipeline.run import code
    from geoflow.pipeline.paper import TRACKED, list_tracked
    from geoflow.studies import FIGURES
    from digest_steps import digest
    from refusals import check_command_line, check_tracked

    check_command_line(config, ("scale", "coursework"))
    SCALE = config.get("scale", "default")
    composed = cache(experiments)
    EXPERIMENTS = composed(SCALE)
    check_tracked()

RESULTS = f"data/results/{SCALE}"
GENERATED = "report/generated"
# What only the scale `paper` runs, and was tracked when it did: every report shows it.
KEPT = {e: f"{TRACKED}/paper/{e}" for e in list_tracked() if e not in EXPERIMENTS}
LATEX = shutil.which("latexmk")
WITHOUT_LATEX = (
    "geoflow: only the PDF of the report is left out, because latexmk is not installed; make setup"
    " GEOFLOW_TEX=install does it on Debian and Ubuntu, then run the same command again."
)


wildcard_constraints:
    scale=r"\w+",
    experiment="|".join(EXPERIMENTS) or "none",


def asked(wildcards):
    """The experiment that the wildcards of a job name, composed at their scale."""
    with sentences():
        return composed(wildcards.scale)[wildcards.experiment]


def slice_of(wildcards):
    return asked(wildcards).slice()


def threads_of(wildcards):
    return asked(wildcards).threads


def memory_of(wildcards):
    """Megabytes: torch alone takes half a gigabyte, MNIST with its attacks a few."""
    return (
        8000
        if asked(wildcards).stage == "robust" and wildcards.scale == "paper"
        else 2000
    )


def runtime_of(wildcards):
    """Minutes that a scheduler should allow on one slow core."""
    return {"smoke": 10, "default": 60}.get(wildcards.scale, 1440)


@cache
def code_digest(scale, name):
    one = composed(scale)[name]
    with sentences():
        return code(f"{one.stage}/{one.study}", one.values)


def code_of(wildcards):
    return code_digest(wildcards.scale, wildcards.experiment)


def found(*patterns):
    """The source files that match."""
    return sorted(str(path) for pattern in patterns for path in Path().glob(pattern))


def results_of(names):
    """All that the named experiments leave behind at this scale: frozen values, tables, and what says that they are whole."""
    return [
        f"{RESULTS}/{name}/{file}"
        for name in names
        for file in [
            "config.json",
            *(f"{table}.parquet" for table in EXPERIMENTS[name].tables),
            "complete.json",
        ]
    ]


def kept_files(names):
    """The tracked results of the named experiments."""
    return [
        path
        for name in names
        for path in found(f"{KEPT[name]}/*.parquet", f"{KEPT[name]}/c*.json")
    ]


def step_digest(*modules, files=()):
    """Digest of what a step of workflow/scripts/steps.py runs: that file, other files there, and modules."""
    scripts = [f"workflow/scripts/{file}" for file in ("steps.py", *files)]
    with sentences():
        return digest(
            "geoflow.pipeline.run", "geoflow.pipeline.latex", *modules, files=scripts
        )


def figure_digest(name):
    """Digest of what draws a figure; the table that lists all figures is left out, its own line is in."""
    figure = FIGURES[name]
    modules = ("geoflow.pipeline.draw", figure.module)
    style = [
        os.path.join(SOURCE, "geoflow/figures", file)
        for file in ("style.mplstyle", "looks.yaml")
    ]
    with sentences():
        return digest(*modules, files=style, without=["geoflow.studies"])


def figure_origins(names):
    """Figure -> [digest of what draws it, experiment, ...], each a folder as seen from RESULTS."""
    folders = {e: os.path.relpath(path, RESULTS) for e, path in KEPT.items()}
    return {
        name: [
            figure_digest(name),
            *(folders.get(e, e) for e in FIGURES[name].experiments),
        ]
        for name in names
    }
