# Shared by the rules: the composed experiments of the scale, and functions that look up their properties.
import os
import shutil
import sys
from functools import cache, partial
from pathlib import Path

# Jobs use the Python of this Snakemake and the sources of this tree, however Snakemake was started.
SOURCE = os.path.join(workflow.basedir, "src")
sys.path[:0] = [SOURCE, os.path.join(workflow.basedir, "workflow/scripts")]
BIN = os.path.dirname(sys.executable)
os.environ.update(
    PYTHONPATH=SOURCE, PATH=os.pathsep.join([BIN, os.getenv("PATH", os.defpath)])
)
# With this setting, waiting OpenMP threads of a job leave the core to other jobs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from geoflow.ground.sentences import sentences

with sentences():
    from geoflow.pipeline.compose import canonical
    from geoflow.pipeline.run import code
    from geoflow.pipeline.whole import TRACKED
    from geoflow.studies import CHAPTERS, FIGURES
    from composed import experiments
    from demands import demand
    from notify import notify
    from paper_results import list_tracked
    from digest_steps import digest
    from refusals import check_command_line, check_tracked

    check_command_line(config, ("scale", "coursework"))
    SCALE = config.get("scale", "default")
    composed = cache(experiments)
    EXPERIMENTS = composed(SCALE)
    check_tracked()

RESULTS = f"data/results/{SCALE}"
GENERATED = "report/generated"
# Tracked results of experiments that run at the scale `paper` only; every report shows them.
KEPT = {e: f"{TRACKED}/paper/{e}" for e in list_tracked() if e not in EXPERIMENTS}
LATEX = shutil.which("latexmk")
WITHOUT_LATEX = (
    "geoflow: only the PDF of the report is left out, because latexmk is not installed; install it with make setup"
    " GEOFLOW_TEX=install (Debian, Ubuntu), then run the same command again."
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


def demand_of(wildcards):
    """Measured memory and time of the experiment that the wildcards of a job name."""
    return demand(f"{asked(wildcards).stage}/{wildcards.experiment}", wildcards.scale)


def memory_of(wildcards, attempt):
    """Memory in megabytes; a repeated job asks for more."""
    return demand_of(wildcards).memory(wildcards, attempt)


def runtime_of(wildcards, attempt):
    """Time limit in minutes; a repeated job asks for more, and goes on from its last checkpoint."""
    return demand_of(wildcards).runtime(wildcards, attempt)


def gpus_of(wildcards):
    """One GPU if the experiment may use one."""
    return int(asked(wildcards).values.get("device", "cpu") != "cpu")


def group_of(wildcards):
    """Short jobs of a cluster are submitted together; on one machine groups have no effect."""
    return "studies" if demand_of(wildcards).short else None


@cache
def code_digest(scale, name):
    one = composed(scale)[name]
    with sentences():
        return code(f"{one.stage}/{one.study}", one.values)


def code_of(wildcards):
    return code_digest(wildcards.scale, wildcards.experiment)


def found(*patterns):
    """The source files that match the patterns."""
    return sorted(str(path) for pattern in patterns for path in Path().glob(pattern))


def results_of(names):
    """All files of the named experiments at this scale: frozen values, tables, and complete.json with their digests."""
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
    """The files of the tracked results of the named experiments."""
    return [
        path
        for name in names
        for path in found(f"{KEPT[name]}/*.parquet", f"{KEPT[name]}/c*.json")
    ]


def step_digest(*modules, files=()):
    """Digest of the code of a step of workflow/scripts/steps.py: this file, other scripts, and modules."""
    scripts = [f"workflow/scripts/{file}" for file in ("steps.py", *files)]
    with sentences():
        return digest(
            "geoflow.pipeline.run", "geoflow.pipeline.latex", *modules, files=scripts
        )


def figure_digest(name):
    """Digest of the code that draws a figure, without the table that lists all figures."""
    figure = FIGURES[name]
    modules = ("geoflow.pipeline.draw", figure.module)
    style = [
        os.path.join(SOURCE, "geoflow/figures", file)
        for file in ("style.mplstyle", "looks.yaml")
    ]
    with sentences():
        return digest(*modules, files=style, without=["geoflow.studies"])


def figure_origins(names):
    """Figure -> [digest of its code, experiment, ...]; experiments are folders relative to RESULTS."""
    folders = {e: os.path.relpath(path, RESULTS) for e, path in KEPT.items()}
    return {
        name: [
            figure_digest(name),
            *(folders.get(e, e) for e in FIGURES[name].experiments),
        ]
        for name in names
    }
