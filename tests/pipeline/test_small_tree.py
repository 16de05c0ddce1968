"""What a test may break: one quick experiment in a copy of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from geoflow.ground.results import Results

pytestmark = pytest.mark.slow
NAME = "harmonic_oscillator"
SMOKE = ("--config", "scale=smoke")
RESULTS = f"data/results/smoke/{NAME}"
FIGURE = f"figures/{NAME}.pdf"


def test_a_failed_claim_fails_the_run_with_a_sentence_and_keeps_the_rest(small):
    path = f"config/experiment/hamiltonian/{NAME}.yaml"
    failing = '{name: impossible, text: "it cannot be", quantity: final_energy/rk45, below: 0}'
    small.write(path, small.read(path).replace("claims:\n", f"claims:\n  - {failing}\n"))
    ran = small.snakemake("--cores", "2", *SMOKE, "--", FIGURE, "claims", "tables", "verdict")
    assert ran.returncode != 0
    assert f"geoflow: claim impossible of {NAME} fails: expected final_energy/rk45 below 0" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert (small.path / FIGURE).exists()
    assert r"\textbf{fails}" in small.read("report/generated/tables/laws.tex")


@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_a_killed_run_goes_on(small, name):
    stage = "src/geoflow/run.py"
    with small.edited(stage, 'if __name__ == "__main__":', "import time; time.sleep(60)\nif 1:"):
        process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", "2", *SMOKE, "--", FIGURE],
            cwd=small.path,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Tests that run in the background of a shell are deaf to SIGINT, and their children with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        log = small.path / f"logs/smoke/hamiltonian/{NAME}.log"
        give_up = time.monotonic() + 60
        while not log.exists() and time.monotonic() < give_up:
            time.sleep(0.1)
        os.killpg(process.pid, signal.Signals[name])
        process.wait()
    assert not (small.path / RESULTS / "summary.parquet").exists()
    if name == "SIGKILL":
        assert small.snakemake("--unlock", *SMOKE).returncode == 0
    again = small.snakemake("--cores", "2", *SMOKE, "--", FIGURE)
    assert again.returncode == 0, again.stdout
    assert (small.path / FIGURE).exists()


def test_by_hand_a_stage_makes_what_its_rule_makes(small):
    assert small.snakemake("--cores", "1", *SMOKE, "--", FIGURE).returncode == 0
    words = (f"experiment={NAME}", "scale=smoke", "out=byhand")
    by_hand = small.run([sys.executable, "-m", "geoflow.run", *words])
    assert by_hand.returncode == 0, by_hand.stdout
    made = small.bytes_of(f"{RESULTS}/*")
    again = small.bytes_of("byhand/*")
    assert sorted(map(os.path.basename, made)) == sorted(map(os.path.basename, again))
    assert list(made.values()) == list(again.values())
    assert Results(small.path / "byhand").provenance["commit"] == "unknown"


def test_without_latex_only_the_pdf_is_missing_and_the_run_says_so(small, tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in os.scandir(folder) if os.path.isdir(folder) else ():
            if program.name not in ("latexmk", "pdflatex"):
                with suppress(FileExistsError):
                    (bare / program.name).symlink_to(program.path)
    shutil.rmtree(small.path / "data/reference/paper")  # whose figures would be drawn too
    ran = small.snakemake("--cores", "2", *SMOKE, PATH=str(bare))
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "geoflow: only the PDF of the report is left out" in ran.stdout
    assert not (small.path / "report/report.pdf").exists()
    assert (small.path / "report/generated/numbers.tex").exists()
    asked = small.snakemake("--cores", "1", *SMOKE, "--", "report", PATH=str(bare))
    assert asked.returncode != 0
    assert "geoflow: report/report.pdf needs latexmk" in asked.stdout


def test_snakemake_works_without_an_activated_environment(small):
    """`.venv/bin/snakemake` from a shell that has never heard of the environment."""
    elsewhere = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not shutil.which("snakemake", path=folder)
    )
    assert small.snakemake("--cores", "1", *SMOKE, "--", FIGURE, PATH=elsewhere).returncode == 0


ENTRIES = "src/geoflow/integrators/methods/explicit.py"
STUDY = "src/geoflow/studies/hamiltonian/side_by_side/study.py"
BROKEN = [
    (ENTRIES, '    "rk4": ', '    "slip": explicit_rk(A=[[], [1]], b=[1, 1], order=2, reference="HLW"),\n',
     "expected the weights b to sum to 1, got 2."),
    (ENTRIES, '    "rk4": ', '    "slip" rk4,\n', "SyntaxError: "),
    (STUDY, "from ", "import nothing_at_all\n", "cannot import: there is no module 'nothing_at_all'."),
    (STUDY, "from ", "from geoflow.integrators import METHDS\n", "cannot import: geoflow.integrators has no 'METHDS'."),
    (STUDY, "from ", "def study(:\n", "SyntaxError: invalid syntax"),
    ("src/geoflow/studies/hamiltonian/side_by_side/config.py", "from ", "import nothing_at_all\n",
     "ModuleNotFoundError: No module named 'nothing_at_all'"),
    ("src/geoflow/studies/hamiltonian/side_by_side/figure.py", "from ", "import nothing_at_all\n",
     "cannot import: there is no module 'nothing_at_all'."),
    ("src/geoflow/studies/__init__.py", "CHAPTERS = ", "CHAPTERS = (\n", "SyntaxError: '(' was never closed"),
]  # fmt: skip


def test_a_dry_run_and_the_commands_name_the_file_and_line_that_cannot_be_imported(small):
    for file, place, slip, said in BROKEN:
        line = small.read(file).split(place)[0].count("\n") + 1
        expected = f"geoflow: {file}, line {line}: {said}"
        with small.edited(file, place, slip + place):
            dry = small.snakemake("-n", *SMOKE)
            asked = [["list", "methods"], ["check", "rk4"]] if file == ENTRIES else []
            done = [small.run([sys.executable, "-m", "geoflow.cli", *words]) for words in asked]
        for one in (dry, *done):
            said_so = [text for text in one.stdout.splitlines() if text.startswith("geoflow: ")]
            assert len(said_so) == 1, (file, slip, one.stdout[-2000:])
            (sentence,) = said_so
            assert sentence.startswith(expected)
            assert one.returncode == 2
            assert "Traceback" not in one.stdout
