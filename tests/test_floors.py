"""Every module imports from its own room and the rooms above it in ARCHITECTURE.md; light imports stay light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from geoflow.studies import CHAPTERS, FIGURES, class_name, find_studies

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "geoflow"
ROOMS = re.findall(r"^\| `(\w+)` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
FILES = sorted(SOURCE.rglob("*.py"))
STUDIES = SOURCE / "studies"
HYDRA = {"hydra", "omegaconf", "snakemake"}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """All modules that a file imports, also inside its functions, but not for type checking alone."""
    found = set()
    tree = ast.parse(path.read_text())
    unseen = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    hidden = {id(inner) for node in unseen for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write imports in full"
            found.add(str(node.module))
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_imported(path: Path) -> set[str]:
    parts = [module.split(".") for module in imports(path) if module.startswith("geoflow.")]
    return {part[1] for part in parts} & set(ROOMS)


def test_the_map_names_every_room():
    there = {room(path) for path in FILES} - {"__init__"}
    assert there == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_to_rooms_above_and_only_the_pipeline_knows_hydra(path):
    here = room(path)
    if here == "__init__":
        return  # the package's own names are loaded when they are asked for
    above = ROOMS[: ROOMS.index(here) + 1]
    below = rooms_imported(path) - set(above)
    assert not below, f"{here} imports from {sorted(below)}, which stand below it"
    if here not in ROOMS[ROOMS.index("pipeline") :]:
        assert not {module.split(".")[0] for module in imports(path)} & HYDRA


def test_a_module_that_imports_upwards_would_be_caught(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from geoflow.pipeline import run\n")
    assert rooms_imported(wrong) == {"pipeline"}


def test_problems_and_integrators_share_the_problem_and_the_elementary_functions_alone():
    for path in (SOURCE / "integrators").rglob("*.py"):
        modules = {m for m in imports(path) if m.startswith("geoflow.problems")}
        files = {m for m in modules if (SOURCE.parent / (m.replace(".", "/") + ".py")).exists()}
        assert files <= {f"geoflow.problems{end}" for end in (".problem", ".elementary")}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_study_imports_no_other_study(chapter):
    """What studies share stands in `measure`, or beside them in their chapter, its own `__init__.py` included."""
    own = ast.parse((STUDIES / chapter / "__init__.py").read_text()).body
    classes = {node.name for node in own if isinstance(node, ast.ClassDef)}
    for path in (STUDIES / chapter).glob("*/*.py"):
        shared = {p.stem for p in (STUDIES / chapter).glob("*.py")} | classes
        for module in imports(path):
            parts = module.split(".")
            if parts[:2] == ["geoflow", "studies"] and len(parts) > 3:
                assert parts[2] == chapter, f"{path}: {module} is of another chapter"
                assert parts[3] in {path.parent.name, *shared}, f"{path}: {module}"


def test_every_study_is_three_files_and_a_class_named_after_its_folder():
    for name, declared in find_studies().items():
        folder = STUDIES / name
        assert {"config.py", "study.py"} <= {path.name for path in folder.glob("*.py")}
        assert declared.__name__ == class_name(folder.name)
        assert "def study(asked:" in (folder / "study.py").read_text()


def test_every_figure_has_a_function_that_draws():
    for figure in FIGURES.values():
        path = SOURCE.parent / (figure.module.replace(".", "/") + ".py")
        assert f"def {figure.function}(" in path.read_text()


@pytest.mark.parametrize(
    "code",
    [
        "import geoflow",
        "import geoflow.studies; geoflow.studies.find_studies()",
        "import geoflow.pipeline.compose, geoflow.pipeline.run, geoflow.pipeline.digests",
    ],
)
def test_light_imports_stay_light(code):
    heavy = "{'numpy', 'scipy', 'torch', 'pandas', 'llvmlite', 'matplotlib', 'hydra', 'pyarrow'}"
    check = f"import sys; {code}; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
