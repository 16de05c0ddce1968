"""The set-up, the lock and the commands do what the README says of them."""

import fcntl
import json
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SCRIPTS = ["workflow/setup.sh", "workflow/scripts/reproduce.sh", ".ci/run"]
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def normalised(requirement):
    """`PyYAML>=6` -> `pyyaml`, as PEP 503 compares names."""
    name = NAME.match(requirement)
    assert name, f"not a requirement: {requirement!r}"
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def required(file):
    text = re.sub(r" \\\n +--hash=\S+", "", (ROOT / file).read_text())
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return {normalised(line): line for line in lines if line}


# A make that takes itself for a part of `make test` would announce its folder.
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
LOCK = required("requirements.lock")
TOP_LEVEL = required("requirements.in")


def command(*words, folder=ROOT, **environment):
    return subprocess.run(
        words,
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path):
    """What the set-up reads, in a folder of its own."""
    for file in [*SCRIPTS, "requirements.lock", "pyproject.toml", "Makefile"]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, tmp_path / file)
    return tmp_path


def test_lock_has_every_library_that_is_asked_for():
    """The other extras are a user's own choice: nothing that the pipeline makes needs them."""
    extras = PROJECT["optional-dependencies"]
    needed = {"networks", "proofs", "figures", "pipeline", "dev"}
    assert set(extras) == needed | {"all", "peers", "mutants", "tensorboard", "site", "slurm", "crate"}
    declared = {normalised(line) for line in PROJECT["dependencies"] + [x for extra in needed for x in extras[extra]]}
    assert declared <= TOP_LEVEL.keys()
    assert TOP_LEVEL.keys() <= LOCK.keys()


def test_lock_has_the_versions_that_were_decided():
    decided = {name: line for name, line in TOP_LEVEL.items() if "==" in line}
    assert {name: LOCK[name] for name in decided} == decided


def test_lock_of_the_site_adds_what_the_site_asks_for_and_repeats_nothing():
    """It is installed beside requirements.lock, whose versions it therefore may not change."""
    site, asked = required("requirements-site.lock"), required("requirements-site.in").keys()
    assert {normalised(line) for line in PROJECT["optional-dependencies"]["site"]} == asked
    assert asked <= site.keys() | LOCK.keys()
    assert not site.keys() & LOCK.keys()
    text = (ROOT / "requirements-site.lock").read_text()
    assert text.count("==") == len(site) == len(re.findall(r"^[a-z0-9].*\n    --hash=sha256:", text, re.M))


@pytest.mark.parametrize("file", ["requirements.in", "requirements-site.in"])
def test_each_library_is_asked_for_with_a_reason(file):
    lines = (ROOT / file).read_text().splitlines()
    bare = [line for line in lines if line and not line.startswith("#") and " # " not in line]
    assert not bare


def test_lock_pins_one_exact_version_of_everything():
    assert all(re.fullmatch(r"[a-z0-9-]+==\d[0-9.]*(\.post\d+)?", line) for line in LOCK.values())


def test_lock_has_a_hash_of_every_package_and_the_setup_demands_it():
    text = (ROOT / "requirements.lock").read_text()
    packages = re.findall(r"^[a-z0-9].*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+$", text, re.M)
    assert len(packages) == len(LOCK)
    assert "--require-hashes -r requirements.lock" in (ROOT / "workflow/setup.sh").read_text()


def test_lock_has_no_cuda():
    assert re.fullmatch(r"torch==[0-9.]+", LOCK["torch"])
    assert not [name for name in LOCK if re.match(r"nvidia|cuda|triton", name)]


def test_checks_before_a_merge_are_make_test():
    commands = (ROOT / ".ci/run").read_text().splitlines()
    assert [line.split("<")[0].strip() for line in commands if line.startswith("make ")] == ["make test"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_citation_and_metadata_are_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    metadata = json.loads((ROOT / "codemeta.json").read_text())
    assert (metadata["version"], metadata["identifier"]) == (PROJECT["version"], PROJECT["name"])
    assert metadata["description"] == PROJECT["description"]
    assert metadata["keywords"] == citation["keywords"]


def test_both_locks_have_the_same_versions():
    packages = {one["name"]: one for one in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    others = ("requirements-site.lock", "workflow/profiles/slurm/requirements.lock")
    pins = [*LOCK.values(), *(pin for lock in others for pin in required(lock).values())]
    assert [pin for pin in pins if packages[pin.partition("==")[0]]["version"] != pin.partition("==")[2]] == []
    assert {one["source"].get("registry") for one in packages.values()} - {None} == {"https://pypi.org/simple"}


WORKFLOW = ".github/workflows/checks.yaml"


def test_the_jobs_of_github_run_commands_that_exist_on_the_declared_versions():
    jobs = yaml.safe_load((ROOT / WORKFLOW).read_text())["jobs"]
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    asked = {word for text in steps for word in re.findall(r"\bmake ([a-z-]+)", text)}
    known = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert asked and asked <= known
    assert all((ROOT / path).is_dir() for text in steps for path in re.findall(r"\btests/\w+", text))
    declared = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert jobs["test"]["strategy"]["matrix"]["python"] == declared
    if shutil.which("actionlint"):
        linted = command("actionlint", WORKFLOW)
        assert linted.returncode == 0, linted.stdout


def test_a_commit_is_checked_by_make_lint():
    (hooks,) = (one["hooks"] for one in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"])
    assert [hook["entry"] for hook in hooks] == ["make lint"]


def test_the_container_and_binder_take_what_the_project_declares():
    container = (ROOT / "Dockerfile").read_text()
    copied = " ".join(line for line in container.splitlines() if line.startswith("COPY"))
    assert all(name in copied for name in ("workflow/setup.sh", "requirements.lock", "pyproject.toml"))
    setup = (ROOT / "workflow/setup.sh").read_text()
    needed = re.search(r'TEX_PACKAGES="([^"]*)"', setup)
    assert needed and all(name in container for name in needed[1].split())
    binder = (ROOT / ".binder/requirements.txt").read_text()
    extras = re.search(r"^\.\[(.*)\]$", binder, re.M)
    assert extras and set(extras[1].split(",")) <= set(PROJECT["optional-dependencies"])


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_valid_bash(script):
    assert command("bash", "-n", script).returncode == 0


def test_make_alone_lists_every_command():
    text = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([\w-]+):(?!=)", text, re.MULTILINE)
    listed = re.findall(r"^  make ([\w-]+) ", command("make").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(targets)


@pytest.mark.parametrize("name", ["src", "config", "README.md", "workflow", "no_such_thing"])
def test_make_refuses_what_is_no_command(name):
    """A folder of that name is no reason to answer that nothing is to be done."""
    refused = command("make", name)
    assert refused.returncode == 2 and refused.stdout == ""
    assert f"geoflow: there is no command make {name}" in refused.stderr


@pytest.mark.parametrize("name", ["data", "figures", "report", "submission", "tests"])
def test_make_has_a_command_for_each_folder_that_sounds_like_one(name):
    planned = command("make", "-n", name, "SCALE=smoke", "CORES=3")
    assert planned.returncode == 0 and "Nothing to be done" not in planned.stdout
    if name != "tests":
        assert re.search(rf"snakemake --cores 3.*scale=smoke.* -- {name}$", planned.stdout, re.S | re.M)


def test_clean_removes_the_temporary_files_of_killed_runs(checkout):
    for folder in ("data/raw/mnist", "figures", "report/.build-main"):
        (checkout / folder).mkdir(parents=True)
        (checkout / folder / ".host~123~file.gz").write_text("half")
        (checkout / folder / "kept.txt").write_text("")
    assert command("make", "clean", folder=checkout).returncode == 0
    left = sorted(path.name for path in checkout.rglob("*") if path.is_file())
    assert not [name for name in left if "~" in name] and left.count("kept.txt") == 2


def test_second_setup_is_silent_and_quick():
    if command("bash", "workflow/setup.sh", "--check").returncode:
        pytest.skip(".venv was not made by make setup, or is to be brought up to date")
    began = time.perf_counter()
    again = command("make", "setup", GEOFLOW_TEX="skip")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.perf_counter() - began < 2


def test_half_made_environment_is_not_taken_for_a_whole_one(checkout):
    venv = [sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")]
    subprocess.run(venv, check=True)
    check = ("bash", "workflow/setup.sh", "--check")
    assert command(*check, folder=checkout).returncode == 1
    (checkout / ".venv/geoflow.stamp").write_text("python=3.11.0 folder=/elsewhere torch=cpu\n")
    assert command(*check, folder=checkout).returncode == 1


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="elsewhere the ordinary wheel of PyTorch is the CPU build",
)
def test_setup_refuses_the_cuda_build_of_torch(checkout):
    version = LOCK["torch"].removeprefix("torch==")
    info = f"torch-{version}.dist-info"
    with zipfile.ZipFile(checkout / f"torch-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    refused = command(
        *("bash", "workflow/setup.sh"),
        folder=checkout,
        PYTHON=sys.executable,
        GEOFLOW_TEX="skip",
        TORCH="cpu",
        PIP_CONFIG_FILE=os.devnull,
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(checkout),
    )
    assert refused.returncode == 1
    assert "the CPU build of PyTorch" in refused.stderr
    assert not (checkout / ".venv/geoflow.stamp").exists()


def test_setup_says_in_one_sentence_that_python_is_missing(checkout):
    refused = command("bash", "workflow/setup.sh", folder=checkout, PYTHON="/bin/sh")
    assert refused.returncode == 1
    assert refused.stderr.startswith("geoflow: PYTHON=/bin/sh is not a Python 3.11 or newer")
    assert refused.stderr.count("\n") == 1


@pytest.mark.skipif(not shutil.which("flock"), reason="without flock runs are not told apart")
def test_two_reproductions_do_not_tread_on_each_other(checkout):
    (checkout / ".snakemake").mkdir()
    with (checkout / ".snakemake/reproduce.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = command("bash", "workflow/scripts/reproduce.sh", folder=checkout)
    assert second.returncode == 1
    assert second.stderr.startswith("geoflow: another run is active in this folder")


def test_modules_that_are_mutated_and_their_tests_are_there():
    script = runpy.run_path(str(ROOT / "workflow/scripts/mutants.py"))
    table, modules = script["TESTS"], list(map(script["file_of"], script["TESTS"]))
    tests = [f"tests/{test}" for words in table.values() for test in words.split()]
    assert [path for path in [*modules, *tests] if not (ROOT / path).is_file()] == []


def test_notation_names_modules_and_references_that_exist():
    text = (ROOT / "NOTATION.md").read_text()
    modules = re.findall(r"\| `([a-z_.]+)` \|$", text, re.M)
    assert len(modules) > 50
    missing = [m for m in modules if not (ROOT / f"src/geoflow/{m.replace('.', '/')}.py").is_file()]
    keys = set(re.findall(r"\(([A-Z][A-Za-z]+\d{4})", text))
    known = re.findall(r"^@\w+\{(\w+),", (ROOT / "report/references.bib").read_text(), re.M)
    assert not missing and keys and keys <= set(known)
