"""A coursework from the shipped template: built, unchanged when built again, and verified."""

import dataclasses
import shutil
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tex,
    pytest.mark.xdist_group("reproduction"),
    pytest.mark.skipif(not shutil.which("latexmk"), reason="a submission needs its PDF"),
]
SUBMISSION = ("submission", "--cores", "2", "--config", "scale=smoke")
COURSEWORK = "coursework=config/coursework.yaml"
ARCHIVE = "submission/candidate-0000.zip"


@pytest.fixture(scope="module")
def handed_in(reproduced, tmp_path_factory):
    """A copy of the tree in which everything has run, its declaration accepted, and the archive."""
    path = tmp_path_factory.mktemp("handed_in") / "geoflow"
    shutil.copytree(reproduced.path, path, symlinks=True)
    tree = dataclasses.replace(reproduced, path=path)
    name = "config/coursework.yaml"
    text = tree.read(name).replace("accepted: false", "accepted: true")
    tree.write(name, text.replace("scales: [default", "scales: [smoke, default"))
    who = ("-c", "user.name=marker", "-c", "user.email=marker@example.org")
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "clone of the marker"]):
        subprocess.run(["git", *words], cwd=path, check=True)
    done = tree.snakemake(*SUBMISSION, COURSEWORK)
    assert done.returncode == 0, done.stdout[-3000:]
    return tree


def test_the_template_builds_at_once_and_computes_nothing_again(handed_in):
    log = (handed_in.path / "logs/smoke/coursework_pdf.log").read_text()
    assert not log.strip(), "no overfull line, no undefined reference"
    assert (handed_in.path / ARCHIVE).stat().st_size > 10_000
    assert "Nothing to be done" in handed_in.snakemake("-n", *SUBMISSION, COURSEWORK).stdout


def test_an_archive_built_again_has_the_same_bytes(handed_in):
    first = (handed_in.path / ARCHIVE).read_bytes()
    for name in (ARCHIVE, "submission/candidate-0000.pdf", "figures/harmonic_oscillator.png"):
        (handed_in.path / name).unlink()
    done = handed_in.snakemake(*SUBMISSION, COURSEWORK)
    assert done.returncode == 0, done.stdout[-3000:]
    assert (handed_in.path / ARCHIVE).read_bytes() == first


def test_a_comment_in_any_source_makes_the_archive_anew_and_computes_nothing(handed_in):
    with handed_in.edited("src/geoflow/ground/errors.py", '"""', '# a comment\n"""'):
        planned = handed_in.planned(*SUBMISSION, COURSEWORK)
    assert planned == {"submission"}


def test_the_archive_is_rebuilt_to_the_same_numbers_figures_and_pages(handed_in):
    confined = [] if shutil.which("bwrap") else ["--unsafe"]
    command = [sys.executable, "-m", "geoflow.cli", "verify", ARCHIVE, "--level", "replay", "--quiet", *confined]
    done = handed_in.run([*command, "--cores", "2", "--json", "results.json"])
    assert done.returncode == 0, done.stdout
    assert "holds at level replay" in done.stdout
    for unwanted in ("different", "missing", "within tolerance", "not checked"):
        assert f"  {unwanted}" not in done.stdout
    for name in ("kepler_orbits/summary.parquet", "kepler_invariants.png", "candidate-0000.pdf"):
        assert any(
            line.startswith("replay") and name in line and "identical" in line for line in done.stdout.splitlines()
        )


@pytest.mark.parametrize(
    "old, new, why",
    [
        ("accepted: true", "accepted: false", "the declaration is not accepted"),
        ("experiments:", "experimnets:", "unknown key 'experimnets'; did you mean 'experiments'?"),
        ("kepler_orbits]", "kepler_orbit]", "did you mean 'kepler_orbits'"),
        ("[smoke, default", "[default", "a submission at scale smoke is not accepted"),
    ],
)
def test_the_dry_run_refuses_what_cannot_be_handed_in(handed_in, old, new, why):
    with handed_in.edited("config/coursework.yaml", old, new):
        dry = handed_in.snakemake("-n", *SUBMISSION, COURSEWORK)
    (sentence,) = [line for line in dry.stdout.splitlines() if line.startswith("geoflow:")]
    assert why in sentence
    assert dry.returncode == 2
    assert "Traceback" not in dry.stdout


def test_a_submission_without_its_configuration_says_how_to_give_it(handed_in):
    done = handed_in.snakemake(*SUBMISSION)
    assert done.returncode != 0
    assert "geoflow: expected --config coursework=FILE" in done.stdout


def test_the_rules_of_a_submission_pass_the_lint_too(handed_in):
    words = ["workflow/scripts/lint.py", "--config", "scale=smoke", COURSEWORK]
    done = handed_in.run([sys.executable, *words])
    assert done.returncode == 0, done.stdout
