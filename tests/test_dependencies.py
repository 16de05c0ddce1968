"""What is declared is used, and what is used is declared: `pyproject.toml` beside the imports of every module."""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from geoflow.ground import sentences

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "geoflow"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
FOLDERS = ("src", "benchmark", "workflow", "tests")
# A distribution whose module has another name.
MODULES = {
    "deel-torchlip": "deel",
    "hydra-core": "hydra",
    "pepit": "PEPit",
    "pillow": "PIL",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
# A program, a plug-in or a set of types is not imported; the file that needs it says so.
CALLED = {
    "ipykernel": ("workflow/scripts/make_site.py", "ipykernel"),
    "myst-nb": ("workflow/scripts/website/conf.py", '"myst_nb"'),
    "playwright": ("tests/site/conftest.py", "playwright.sync_api"),
    "pydata-sphinx-theme": ("workflow/scripts/website/conf.py", '"pydata_sphinx_theme"'),
    "sphinx-design": ("workflow/scripts/website/conf.py", '"sphinx_design"'),
    "sphinx-mathjax-offline": ("workflow/scripts/website/source.py", "sphinx-mathjax-offline"),
    "sphinxcontrib-bibtex": ("workflow/scripts/website/conf.py", '"sphinxcontrib.bibtex"'),
    "clarabel": ("src/geoflow/theory/performance.py", "cvxpy.CLARABEL"),
    "mypy": ("Makefile", "/mypy "),
    "mutmut": ("workflow/scripts/mutants.py", "mutmut"),
    "pandas-stubs": ("pyproject.toml", "[tool.mypy]"),
    "pytest-xdist": ("Makefile", "pytest -n"),
    "ruff": ("Makefile", "/ruff "),
    "snakemake-executor-plugin-slurm": ("workflow/profiles/slurm/profile.yaml", "executor: slurm"),
    "snakefmt": ("Makefile", "/snakefmt "),
    "snakemake": ("Makefile", "snakemake"),
    "tensorboard": ("src/geoflow/learning", "torch.utils.tensorboard"),
    "types-pyyaml": ("pyproject.toml", "[tool.mypy]"),
    "types-tqdm": ("pyproject.toml", "[tool.mypy]"),
}


def name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return found.group().lower()


def modules(requirements: list[str]) -> set[str]:
    return {MODULES.get(name(one), name(one)) for one in requirements}


@cache
def imported(*folders: str) -> set[str]:
    """The top-level modules that the Python files below `folders` import, anywhere in them."""
    found: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


def third_party(*folders: str) -> set[str]:
    ours = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "workflow/scripts").glob("*")]
    own = {path.stem for path in ours} | {"geoflow", "benchmark"}
    return imported(*folders) - set(sys.stdlib_module_names) - own


# The extras whose libraries the modules of a room may import at their top; all other rooms import the core alone.
ROOMS = {
    "figures": ["figures"],
    "layers": ["networks"],
    "networks": ["networks"],
    "learning": ["networks"],
    "pipeline": ["pipeline"],
    "studies": ["networks", "proofs", "figures"],
    "check/layers.py": ["networks"],
    "theory/performance.py": ["proofs"],
}
ALL = [*PROJECT["dependencies"], *(line for name, extra in EXTRAS.items() if name != "all" for line in extra)]


@pytest.mark.parametrize("requirement", ALL)
def test_every_declared_dependency_is_used(requirement: str) -> None:
    if name(requirement) in CALLED:
        place, words = CALLED[name(requirement)]
        files = [ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*.py")
        assert any(words in file.read_text(encoding="utf-8") for file in files)
    else:
        assert modules([requirement]) <= imported(*FOLDERS)


def test_every_import_of_the_package_is_a_dependency_of_it() -> None:
    """The extras `tensorboard`, `site` and `crate` are asked for by a user, and refused in a sentence."""
    parts = ["networks", "proofs", "figures", "pipeline"]
    assert EXTRAS["all"] == [f"{PROJECT['name']}[{','.join(parts)}]"]
    named = [line for extra in [*parts, "tensorboard", "site", "crate"] for line in EXTRAS[extra]]
    assert third_party("src", "workflow") <= modules(PROJECT["dependencies"] + named)


def test_packages_of_the_site_are_imported_by_the_site_alone() -> None:
    assert not modules(EXTRAS["site"]) & imported("src", "benchmark")


def test_every_import_of_tests_and_benchmark_is_declared() -> None:
    assert third_party(*FOLDERS) <= modules(ALL)


def at_the_top(path: Path) -> set[str]:
    """The top-level modules that are imported whenever this module is, without those for type checking."""
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    found = {alias.name for node in statements if isinstance(node, ast.Import) for alias in node.names}
    found |= {str(node.module) for node in statements if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names) - {"geoflow"}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_the_core_and_what_the_extra_of_its_room_declares(path: Path) -> None:
    place = path.relative_to(SOURCE).as_posix()
    named = ROOMS.get(place, ROOMS.get(place.partition("/")[0], []))
    allowed = [*PROJECT["dependencies"], *(line for extra in named for line in EXTRAS[extra])]
    assert at_the_top(path) <= modules(allowed)


def test_a_missing_library_is_named_with_the_extra_that_declares_it() -> None:
    assert PROJECT["name"] == sentences.DISTRIBUTION
    assert sentences.EXTRAS.keys() == {"networks", "proofs", "figures", "pipeline", "tensorboard"}
    used = imported("src") | {"tensorboard", "optuna"}  # the latter by `geoflow search`, a script that users start
    for extra, libraries in sentences.EXTRAS.items():
        assert set(libraries) == modules(EXTRAS[extra]) & used
