"""What is declared is used, and what is used is declared: `pyproject.toml` beside the imports of every module."""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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
    ours = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "workflow/scripts").glob("*.py")]
    own = {path.stem for path in ours} | {"geoflow", "benchmark", "website"}
    return imported(*folders) - set(sys.stdlib_module_names) - own


ALL = [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]


@pytest.mark.parametrize("requirement", ALL)
def test_every_declared_dependency_is_used(requirement: str) -> None:
    if name(requirement) in CALLED:
        place, words = CALLED[name(requirement)]
        files = [ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*.py")
        assert any(words in file.read_text(encoding="utf-8") for file in files)
    else:
        assert modules([requirement]) <= imported(*FOLDERS)


def test_every_import_of_the_package_is_a_dependency_of_it() -> None:
    """The extras `tensorboard` and `site` are asked for by a user, and refused in a sentence."""
    optional = modules(EXTRAS["tensorboard"]) | modules(EXTRAS["site"])
    assert third_party("src", "workflow") <= modules(PROJECT["dependencies"]) | optional


def test_packages_of_the_site_are_imported_by_the_site_alone() -> None:
    assert not modules(EXTRAS["site"]) & imported("src", "benchmark")


def test_every_import_of_tests_and_benchmark_is_declared() -> None:
    assert third_party(*FOLDERS) <= modules(ALL)
