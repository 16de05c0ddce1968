"""Mutation testing: mutmut changes one operator, number or word of a module at a time, and the tests should fail.

    python workflow/scripts/mutants.py [MODULE ...]

Each module has a copy of the tree in .mutants/, in which mutmut stores its progress. An interrupted run is resumed; a
run starts again if the module or its tests have changed. .mutants/survivors.md lists the changes that no test detects.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutants"
# Module -> the tests that should detect a change in it: a small set that runs in seconds.
TESTS = {
    "theory.derived_order": "theory/test_order_conditions.py theory/test_elementary_weights.py",
    "theory.elementary_weights": "theory/test_elementary_weights.py",
    "theory.order_conditions": "theory/test_order_conditions.py theory/test_elementary_weights.py",
    "theory.perturbed_conditions": "check/test_mistyped_methods.py",
    "theory.radii": "theory/test_radii.py",
    "theory.reduction": "theory/test_radii.py theory/test_structure.py",
    "theory.stability": "theory/test_stability.py",
    "theory.structure": "theory/test_structure.py",
    "theory.trees": "theory/test_order_conditions.py theory/test_elementary_weights.py",
    "integrators.chebyshev": "integrators/test_families.py theory/test_stability.py",
    "integrators.arguments": "integrators/test_by_hand.py integrators/test_construction.py",
    "integrators.compositions": "integrators/test_families.py integrators/test_construction.py",
    **{
        f"integrators.compiler.{module}": "integrators/test_language.py integrators/test_refused.py"
        for module in (
            "arithmetic",
            "arrays",
            "expressions",
            "functions",
            "instructions",
            "names",
            "statements",
            "values",
        )
    },
    "integrators.segments": "integrators/test_segments.py",
    "integrators.tableaus": "integrators/test_construction.py integrators/test_families.py",
    "layers.linear": "layers/test_norms.py layers/test_layers.py",
    "layers.norms": "layers/test_norms.py",
    "networks.certificates": "networks/test_networks.py",
    "learning.evaluation": "learning/test_stored_weights.py learning/test_attacks.py",
    "learning.losses": "learning/test_losses.py",
    "ground.complete": "pipeline/test_results.py",
    "ground.files": "pipeline/test_results.py faults/test_disks.py",
    "ground.results": "pipeline/test_results.py",
    "ground.resumable": "ground/test_resumable.py",
    "pipeline.claims": "pipeline/test_claims.py",
    "pipeline.digests": "pipeline/test_digest.py",
    "pipeline.source": "pipeline/test_digest.py",
    "pipeline.whole": "pipeline/test_results.py",
    "archives.compare": "coursework/test_compare.py",
    "archives.consistency": "coursework/test_verify.py coursework/test_tampering.py",
    "archives.manifest": "coursework/test_manifest.py",
    "archives.outcome": "coursework/test_verify.py",
    "archives.replay": "coursework/test_replay.py",
    "coursework.configuration": "coursework/test_coursework_file.py",
    "archives.unpack": "coursework/test_unpack.py",
}
SURVIVED, UNTESTED, WITHOUT_TESTS = 0, None, (5, 33)  # exit codes of the tests, as mutmut records them
# Prints all diffs of one module in one process, because starting mutmut takes longer than a diff.
SHOW = "import sys; from mutmut.__main__ import cli; [cli(['show', x], standalone_mode=False) for x in sys.argv[1:]]"
# A mutant that takes more than ten times as long is assumed to have an endless loop; the core may be shared.
SETTINGS = """\
[mutmut]
source_paths = {source}
only_mutate = {file}
also_copy =
    {copied}
pytest_add_cli_args_test_selection =
    {tests}
pytest_add_cli_args =
    -o
    addopts=
    -p
    no:cacheprovider
timeout_multiplier = 10.0
timeout_constant = 10.0
"""


def main(asked: Sequence[str]) -> int:
    """Test the mutants of each module, then list the survivors of all modules that were tested so far."""
    if find_spec("mutmut") is None:
        return _say("expected the package mutmut, but it is not installed; try .venv/bin/pip install -e '.[mutants]'.")
    if unknown := [name for name in asked if name not in TESTS]:
        return _say(f"there are no tests for the module {unknown[0]!r}; choose from {', '.join(TESTS)}.")
    for name in asked or TESTS:
        folder, file = WORK / name, file_of(name)
        tests = [f"tests/{test}" for test in TESTS[name].split()]
        _prepare(folder, file, tests)
        more = {
            "PYTHONPATH": str(folder / "mutants" / "src"),
            "OMP_NUM_THREADS": "1",
        }  # for processes of the tests, too
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
        with (folder / "log").open("w") as log:
            done = subprocess.run(command, cwd=folder, env={**os.environ, **more}, stdout=log, stderr=log)
        if done.returncode or not _codes(folder, file):
            return _say(f"mutmut could not test {name}: its tests have to pass first; see {folder / 'log'}.")
        print(_score(name, _codes(folder, file).values()), flush=True)
    (WORK / "survivors.md").write_text("\n".join(_report()) + "\n")
    print(f"{WORK / 'survivors.md'} lists the survivors")
    return 0


def file_of(name: str) -> str:
    """The file of a module of geoflow, or of the scripts of the workflow."""
    return f"{'workflow/scripts' if name.startswith('archives.') else 'src/geoflow'}/{name.replace('.', '/')}.py"


def _say(sentence: str) -> int:
    print(f"geoflow: {sentence}", file=sys.stderr)
    return 2


def _prepare(folder: Path, file: str, tests: Sequence[str]) -> None:
    """Copy the tree and write the settings of mutmut, unless they exist for the same module and tests."""
    texts = [SETTINGS.encode(), *((ROOT / path).read_bytes() for path in [file, *tests])]
    key = sha256(b"".join(texts)).hexdigest()
    if (folder / "key").is_file() and (folder / "key").read_text() == key:
        return
    shutil.rmtree(folder, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for path in (Path(name) for name in names if (ROOT / name).is_file()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    copied = sorted({Path(name).parts[0] for name in names if name} - {file.partition("/")[0], ".venv"})
    words = {
        "file": file,
        "source": file.partition("/")[0],
        "copied": "\n    ".join(copied),
        "tests": "\n    ".join(tests),
    }
    (folder / "mutants" / "src").mkdir(parents=True)  # on PYTHONPATH, so it has to exist when Python starts
    (folder / "setup.cfg").write_text(SETTINGS.format(**words))
    (folder / "key").write_text(key)


def _codes(folder: Path, file: str) -> dict[str, int | None]:
    """Mutant -> exit code of the tests on it."""
    meta = folder / "mutants" / f"{file}.meta"
    return dict(json.loads(meta.read_text())["exit_code_by_key"]) if meta.is_file() else {}


def _survived(code: int | None) -> bool:
    return code == SURVIVED or code in WITHOUT_TESTS


def _score(name: str, codes: Collection[int | None]) -> str:
    tried = [code for code in codes if code is not UNTESTED]
    killed = sum(not _survived(code) for code in tried)
    return f"{name}: {killed} of {len(tried)} killed, {100 * killed / max(len(tried), 1):.0f} %"


def _report() -> Iterator[str]:
    """One section per module, with the diff of each survivor."""
    yield "# Changes that no test detects"
    for name in TESTS:
        folder, file = WORK / name, file_of(name)
        if codes := _codes(folder, file):
            yield f"\n## {_score(name, codes.values())}"
            command = [sys.executable, "-c", SHOW, *(mutant for mutant, code in codes.items() if _survived(code))]
            shown = subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout
            lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++", "@@"))]
            yield "\n".join(["\n```diff", *lines, "```"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
