"""One run of everything at the smallest scale, and what is done again after a change."""

import re
import shutil

import pytest
from one_process import COMPUTED, JOBS, SMOKE

from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("reproduction")]
TYPESET = {"typeset_report", "typeset_supplement"}
PRINTED = {"captions", "numbers", "provenance", "costs", *TYPESET}


def test_every_figure_and_the_report_are_made(reproduced):
    made = {path.name for path in (reproduced.path / "figures").iterdir()}
    names = {f"{name}.{suffix}" for name in FIGURES for suffix in ("pdf", "png")}
    paper_only = {name for name in names if not in_smoke(reproduced, name.partition(".")[0])}
    assert names - paper_only <= made
    if shutil.which("latexmk"):
        for name in ("report", "supplement"):
            assert (reproduced.path / f"report/{name}.pdf").read_bytes().startswith(b"%PDF")
    assert "claims hold" in reproduced.read("data/results/smoke/verdict.txt")


def in_smoke(tree, figure):
    folder = tree.path / "data/results/smoke"
    return all((folder / name).is_dir() for name in FIGURES[figure].experiments)


def test_every_figure_draws_experiments_that_exist(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    assert {e for figure in FIGURES.values() for e in figure.experiments} <= set(experiment_files())


def test_every_job_leaves_a_log_and_a_benchmark(reproduced):
    results = reproduced.path / "data/results/smoke"
    jobs = {*JOBS, *(name for name in COMPUTED if (results / name).is_dir())}
    for folder, suffix in (("logs", "log"), ("benchmarks", "tsv")):
        found = {path.stem for path in (reproduced.path / folder / "smoke").glob(f"*/*.{suffix}")}
        assert jobs <= found


def test_an_unchanged_tree_has_nothing_to_be_done(reproduced):
    again = reproduced.snakemake("-n", *SMOKE)
    assert "Nothing to be done" in again.stdout
    for path in ("Snakefile", "config/config.yaml", "src/geoflow/ground/results.py"):
        (reproduced.path / path).touch()
    assert reproduced.planned(*SMOKE) == set()


def test_comments_and_layout_rerun_nothing(reproduced):
    experiment = "config/experiment/hamiltonian/kepler_orbits.yaml"
    with (
        reproduced.edited(experiment, "study:\n", "study:   # what is computed\n\n"),
        reproduced.edited("src/geoflow/problems/kepler.py", '"""', '"""Another title. '),
        reproduced.edited("src/geoflow/pipeline/run.py", "\nimport ", "\n# Why.\nimport "),
    ):
        assert reproduced.planned(*SMOKE) == set()


def test_a_changed_value_reruns_its_experiment_its_figures_and_the_report(reproduced):
    name = "kepler_orbits"
    text = reproduced.read(f"config/experiment/hamiltonian/{name}.yaml")
    value = re.search(r"^  h: .*$", text, re.M)[0]
    drawn = {f"draw_{figure}" for figure, one in FIGURES.items() if name in one.experiments}
    with reproduced.edited(f"config/experiment/hamiltonian/{name}.yaml", value, "  h: 0.0123"):
        planned = reproduced.planned(*SMOKE)
    jobs = {f"configure {name}", f"hamiltonian_orbits {name}", "claims", "verdict", "tables"}
    latex = PRINTED if shutil.which("latexmk") else PRINTED - TYPESET
    assert planned <= jobs | drawn | latex
    assert {f"hamiltonian_orbits {name}", *drawn} <= planned


def test_a_changed_threshold_reruns_the_claims_and_no_data(reproduced):
    name = "config/experiment/hamiltonian/kepler_orbits.yaml"
    limit = re.search(r"(below|above): [^,}\n]+", reproduced.read(name))
    with reproduced.edited(name, limit[0], f"{limit[1]}: 0.012345"):
        planned = reproduced.planned(*SMOKE)
    assert "claims" in planned
    assert planned <= {"claims", "verdict", "tables", *TYPESET}


def studies_of(planned):
    """The experiments that are computed again."""
    started = ("convergence_", "hamiltonian_", "contractivity_", "robust_")
    return {job.partition(" ")[2] for job in planned if job.startswith(started) and " " in job}


def naming(reproduced, word):
    """The experiments whose files contain the word."""
    paths = reproduced.path.glob("config/experiment/*/*.yaml")
    return {path.stem for path in paths if re.search(rf"\b{word}\b", path.read_text())}


def test_a_new_method_reruns_the_studies_over_all_methods_and_no_other(reproduced):
    table = "src/geoflow/integrators/methods/explicit.py"
    entry = '"rk_new": explicit_rk([[], [half]], [0, 1], order=2, reference="HLW"),'
    with reproduced.edited(table, '    "explicit_euler"', f'    {entry}\n    "explicit_euler"'):
        planned = studies_of(reproduced.planned(*SMOKE))
    # At scale smoke no experiment asks for all methods; the catalogue does at scale default.
    assert planned == set()
    with reproduced.edited(table, '    "explicit_euler"', f'    {entry}\n    "explicit_euler"'):
        default = studies_of(reproduced.planned("--config", "scale=default", "--", "data"))
    assert {"catalogue"} <= default


@pytest.mark.parametrize(
    "path, old, named",
    [
        ("src/geoflow/problems/lotka_volterra.py", "return Problem(", "lotka_volterra"),
        ("src/geoflow/problems/toda.py", "return Problem(", "toda"),
        ("src/geoflow/potentials/p_norm.py", "return g, slope, curvature", "p_norm"),
        ("src/geoflow/layers/conservative.py", "\nclass ", "conservative"),
    ],
)
def test_an_edited_entry_reruns_just_the_experiments_that_name_it(reproduced, path, old, named):
    new = {"\nclass ": "\nCHANGED = 1\n\n\nclass "}.get(old, f"CHANGED = 1\n    {old}")
    with reproduced.edited(path, old, new):
        planned = studies_of(reproduced.planned(*SMOKE))
    whole = {"catalogue"}  # it asks for all problems
    if named == "toda":  # its eigenvalues are an observable of the study `gallery`
        whole |= naming(reproduced, "hamiltonian/gallery")
    assert planned <= naming(reproduced, named) | whole
    assert planned & naming(reproduced, named)


def test_an_imported_module_reruns_the_stages_that_reach_it(reproduced):
    module = "src/geoflow/studies/convergence/catalogue/study.py"
    with reproduced.edited(module, "\nimport ", "\nCHANGED = 1\nimport "):
        planned = reproduced.planned(*SMOKE)
    stages = {job for job in planned if job.startswith(("conv", "ham", "contr", "rob"))}
    assert stages
    assert all(job.startswith("convergence") for job in stages)


def test_a_changed_style_redraws_the_figures_and_computes_nothing(reproduced):
    style = "src/geoflow/figures/style.mplstyle"
    reproduced_text = reproduced.read(style)
    with reproduced.edited(style, reproduced_text, reproduced_text + "\nfigure.dpi: 71\n"):
        planned = reproduced.planned(*SMOKE)
    assert {job.partition("_")[0] for job in planned} <= {"draw", "provenance", "typeset"}
    assert sum(job.startswith("draw_") for job in planned) > 3


def test_a_misspelt_key_stops_the_dry_run_with_one_sentence(reproduced):
    with reproduced.edited("config/experiment/hamiltonian/kepler_orbits.yaml", "\n  h:", "\n  hh:"):
        dry = reproduced.snakemake("-n", *SMOKE)
    (sentence,) = [line for line in dry.stdout.splitlines() if line.startswith("geoflow:")]
    expected = "config/experiment/hamiltonian/kepler_orbits.yaml: unknown key 'study.hh'; did you mean 'h'?"
    assert sentence.endswith(expected)
    assert dry.returncode == 2
    assert "Traceback" not in dry.stdout


def test_the_command_line_refuses_unknown_keys_and_scales(reproduced):
    for word, sentence in (("scael=smoke", "did you mean 'scale'?"), ("scale=smok", "'smoke'?")):
        dry = reproduced.snakemake("-n", "--config", word)
        assert dry.returncode == 2
        assert sentence in dry.stdout
        assert "Traceback" not in dry.stdout


def test_a_dry_run_imports_no_science(reproduced):
    reproduced.snakemake("-n", *SMOKE)  # what an earlier test has edited is composed again here
    seen = reproduced.snakemake("-n", *SMOKE, PYTHONPROFILEIMPORTTIME="1").stdout
    imported = {line.rpartition("|")[2].strip() for line in seen.splitlines() if "|" in line}
    assert "geoflow.pipeline.compose" in imported
    # NumPy and pandas are not in the list: Snakemake itself imports them.
    heavy = {"torch", "scipy", "llvmlite", "matplotlib", "hydra", "geoflow.problems"}
    assert imported & heavy == set()


def test_the_number_of_cores_changes_no_digit(reproduced, tmp_path):
    quick = ("harmonic_oscillator", "order_pendulum", "pendulum_area")
    tables = [f"data/results/smoke/{name}/*.parquet" for name in quick]
    before = reproduced.bytes_of(*tables)
    assert before
    targets = [f"data/results/smoke/{name}/summary.parquet" for name in quick]
    again = reproduced.snakemake("--cores", "1", *SMOKE, "--forceall", "--", *targets)
    assert again.returncode == 0, again.stdout[-3000:]
    assert reproduced.bytes_of(*tables) == before
    figures = [f"figures/{name}.pdf" for name in quick] + ["figures/harmonic_oscillator.png"]
    drawn = {name: (reproduced.path / name).read_bytes() for name in figures}
    for name in figures:
        (reproduced.path / name).unlink()
    again = reproduced.snakemake("--cores", "1", *SMOKE, "--", *figures)
    assert again.returncode == 0, again.stdout[-3000:]
    assert {name: (reproduced.path / name).read_bytes() for name in figures} == drawn
