"""Imports go downward only, and `import geoflow` and the Snakefile cost nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "geoflow"
FLOORS = (
    ("errors", "registry", "arrays", "files"),
    ("problems", "integrators", "potentials", "analysis"),
    ("layers", "networks", "learning"),
    ("results", "figures"),
    ("progress", "describe", "check", "stages", "coursework", "cli"),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
HYDRA = {"hydra", "omegaconf", "snakemake"}


def part(module: str) -> str:
    return module.split(".")[1]


def imports(path: Path) -> set[str]:
    """All modules that a file imports, also inside its functions, but not for type checking alone."""
    found = set()
    tree = ast.parse(path.read_text())
    unseen = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)
    ]
    hidden = {id(inner) for node in unseen for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


FILES = sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.stem in FLOOR)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_down_and_only_stages_know_hydra(path):
    here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    assert here in FLOOR, f"{here} is on no floor; add it to FLOORS"
    for module in imports(path):
        if module.startswith("geoflow."):
            assert FLOOR[part(module)] <= FLOOR[here], (
                f"{here} imports {module} from a higher floor"
            )
        if FLOOR[here] < 4:
            assert module.split(".")[0] not in HYDRA


def test_problems_and_integrators_share_the_problem_and_the_elementary_functions_alone():
    for path in (SOURCE / "integrators").rglob("*.py"):
        ours = {m for m in imports(path) if m.startswith("geoflow.problems")}
        assert ours <= {f"geoflow.problems{end}" for end in ("", ".problem", ".elementary")}
    for path in (SOURCE / "problems").glob("*.py"):
        assert not any(m.startswith("geoflow.integrators") for m in imports(path))


@pytest.mark.parametrize(
    "code",
    [
        "import geoflow",
        "import geoflow.figures, geoflow.pipeline.compose, geoflow.pipeline.digests",
    ],
)
def test_light_imports_stay_light(code):
    heavy = "{'numpy', 'scipy', 'torch', 'pandas', 'numba', 'matplotlib'}"
    check = f"import sys; {code}; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
