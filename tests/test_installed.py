"""The wheel and the source archive, installed without extras in an empty environment, and used from another folder."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHIPPED = (".py", ".yaml", ".mplstyle", ".typed")
Run = Callable[..., str]
# One name per package that works without any extra.
CORE = """
from geoflow import METHODS, POTENTIALS, PROBLEMS, integrate, integrate_ensemble, prepare
import geoflow.measure.orders, geoflow.theory.order_conditions, geoflow.check, geoflow.describe
import sys
loaded = {name for name in ("torch", "cvxpy", "matplotlib", "snakemake", "hydra", "pyarrow") if name in sys.modules}
assert not loaded, loaded
run = integrate("kepler", "stormer_verlet", h=0.05, steps=1000)
print(f"{run.drift['energy']:.1e}")
"""


def needed(name: str, found: set[str] | None = None) -> set[str]:
    """The distribution `name` and all that it requires on this system, without extras."""
    found = set() if found is None else found
    if name not in found:
        found.add(name)
        for line in metadata.requires(name) or []:
            word, _, marker = line.partition(";")
            if "extra" not in marker and "win" not in marker.lower():
                one = re.match(r"[\w.-]+", word)
                assert one
                if any(True for _ in metadata.distributions(name=one.group())):
                    needed(one.group().lower().replace("_", "-"), found)
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel, made from the source archive, and the archive itself."""
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"
    copied = folder / "source"
    copied.mkdir()
    files = subprocess.run(["git", "ls-files", "-z", "src", "*.md", "LICENSE", "pyproject.toml"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        if (ROOT / name).exists():
            (copied / name).parent.mkdir(parents=True, exist_ok=True)
            (copied / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-c", build, "build_sdist", str(folder)], cwd=copied, check=True, capture_output=True
    )
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (inside,) = (folder / "unpacked").iterdir()
    subprocess.run(
        [sys.executable, "-c", build, "build_wheel", str(folder)], cwd=inside, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a command in a new environment that has the wheel and the libraries of the core, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", symlinks=True)
    site = next((folder / "venv").glob("lib/python*/site-packages"))
    core = {re.match(r"[\w-]+", line).group() for line in PROJECT["dependencies"]}  # type: ignore[union-attr]
    for name in set().union(*map(needed, core)):
        shared = Path(str(metadata.distribution(name).locate_file("")))
        tops = {path.parts[0] for path in metadata.files(name) or [] if not path.parts[0].startswith("..")}
        for top in tops - {"__pycache__"}:
            if not (site / top).exists() and (shared / top).exists():
                (site / top).symlink_to(shared / top)
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "venv/bin/python"), "install", "--no-deps"]
    subprocess.run([*install, "--quiet", "--no-index", str(wheel)], check=True, capture_output=True)
    (folder / "elsewhere").mkdir()

    def run(*words: str, status: int = 0) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            [str(folder / "venv/bin" / words[0]), *words[1:]],
            cwd=folder / "elsewhere",
            env=kept | {"GEOFLOW_CACHE": str(folder / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    return run


def test_the_wheel_has_all_modules_and_its_metadata(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    listed = subprocess.run([sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True).stdout
    files = [path for path in (ROOT / "src/geoflow").rglob("*.*") if path.suffix in SHIPPED]
    assert {str(path.relative_to(ROOT / "src")) for path in files} <= set(listed.split())
    assert {path.suffix for path in files} == set(SHIPPED)
    assert wheel.name.startswith(PROJECT["name"].replace("-", "_"))


def test_the_core_integrates_kepler_without_loading_any_extra(installed: Run) -> None:
    assert re.fullmatch(r"\d\.\de-03\n", installed("python", "-c", CORE))


def test_the_command_lists_and_shows_without_any_extra(installed: Run) -> None:
    assert "yoshida_6" in installed("geoflow", "list", "methods")
    assert "kepler" in installed("geoflow", "list", "problems")
    assert "4 (declared)" in installed("geoflow", "show", "rk4")
    assert "gradient_flow" not in installed("geoflow", "list", "potentials")
    assert "energy" in installed("geoflow", "integrate", "kepler", "gauss_2", "--h", "0.1", "--steps", "10")


def test_a_command_names_the_extra_of_a_missing_library(installed: Run) -> None:
    for words, library, extra in (
        (("list", "layers"), "torch", "networks"),
        (("integrate", "kepler", "rk4", "--h", "0.1", "--steps", "9", "--out", "run.parquet"), "pyarrow", "pipeline"),
        (("run", "experiment=kepler_orbits"), "hydra", "pipeline"),
    ):
        said = f"geoflow: {library} is not installed; try: pip install '{PROJECT['name']}[{extra}]'\n"
        assert installed("geoflow", *words, status=2) == said
