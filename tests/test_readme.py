"""README.md does what it says: its recipes, pasted into a clean copy; its commands; its example.

An HTML comment before a block says what the block is, invisibly for readers:
    <!-- file: PATH -->          the whole of a new file
    <!-- entry: PATH TABLE -->   an entry of the literal table TABLE in PATH, after its import
    <!-- before: PATH LINE -->   to be put before LINE in PATH
"""

import ast
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from geoflow.results import Results

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
RECIPE = re.compile(
    r"^<!-- (file|entry|before): (\S+)(?: (\S+))? -->\n```\w+\n(.*?)^```$", re.M | re.S
)
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.M | re.S)
INLINE = [code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", BLOCK.sub("", README))]
METHODS = {"runge_3": 3, "triple_jump_6": 6}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("readme")]


def workflow_helpers():
    """The helpers of the workflow's tests, which are a conftest and so no module of their own."""
    path = ROOT / "tests" / "workflow" / "conftest.py"
    spec = importlib.util.spec_from_file_location("workflow_conftest", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def commands() -> list[str]:
    """Every line of the shell blocks, without its comment, once."""
    lines = [
        line.partition("  #")[0].strip()
        for language, block in BLOCK.findall(README)
        if language == "bash"
        for line in block.splitlines()
    ]
    return list(dict.fromkeys(filter(None, lines)))


COMMANDS = commands()


def starting_with(*words: str) -> list[str]:
    found = [line for line in COMMANDS if line.startswith(tuple(f"{word} " for word in words))]
    assert found
    return found


def with_entry(text: str, table: str, block: str) -> str:
    """`text` with the lines of `block` at the end of its table, and its imports with the others."""
    imports = [line for line in block.splitlines() if line.startswith("from ")]
    entry = [line for line in block.splitlines() if line.strip() and line not in imports]
    lines = text.splitlines()
    for node in ast.parse(text).body:
        names = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(name, ast.Name) and name.id == table for name in names):
            end = next(one.end_lineno for one in ast.walk(node) if isinstance(one, ast.Dict))
            first = next(i for i, line in enumerate(lines) if line.startswith("from "))
            kept = [*lines[:first], *imports, *lines[first : end - 1], *entry, *lines[end - 1 :]]
            return "\n".join(kept) + "\n"
    raise AssertionError(f"there is no table {table}")


def follow_recipes(tree) -> None:
    recipes = RECIPE.findall(README)
    assert len(recipes) == README.count("<!--"), "a comment that marks no block"
    for kind, path, argument, block in recipes:
        if kind == "file":
            assert not (ROOT / path).exists(), f"{path} is there; README needs another example"
            tree.write(path, block)
        elif kind == "entry":
            tree.write(path, with_entry(tree.read(path), argument, block))
        else:
            text = tree.read(path)
            assert text.count(argument) == 1
            tree.write(path, text.replace(argument, block + argument))


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A clean copy in which every recipe was followed."""
    helpers = workflow_helpers()
    copy = helpers.clean_copy(tmp_path_factory.mktemp("readme") / "geoflow")
    follow_recipes(copy)
    return copy


def shell(tree, line: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return tree.run(["bash", "-c", line], PATH=path)


def measured(tree, script: str):
    """What the last line of a Python script prints in the copy, as JSON; a warning is an error."""
    done = tree.run([sys.executable, "-W", "error", "-c", script])
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def test_the_python_example_prints_what_it_says(tree):
    (example,) = [block for language, block in BLOCK.findall(README) if "import METHODS" in block]
    said = re.findall(r"^print\(.*\)  +# (.*)$", example, re.M)
    done = tree.run([sys.executable, "-W", "error", "-c", example])
    assert done.stdout.splitlines() == said
    assert len(said) == example.count("print(")


@pytest.mark.parametrize("line", starting_with("geoflow list", "geoflow show", "geoflow integrate"))
def test_commands_of_geoflow_run(tree, line):
    done = shell(tree, line)
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip()


def test_options_of_verify_exist(tree):
    for line in starting_with("geoflow verify"):
        done = shell(tree, f"{line} --help")
        assert done.returncode == 0, done.stdout
    assert "--json" in done.stdout


def test_all_targets_of_snakemake_are_planned(tree):
    """One dry run for each --config; a coursework is refused until its declaration is accepted."""
    asked: dict[str, list[str]] = {}
    for line in (line for line in COMMANDS if re.match(r"\S*snakemake ", line)):
        targets, _, settings = re.sub(r"^\S+ |-n\b|--cores \d+", "", line).partition("--config ")
        asked.setdefault(settings, []).extend(targets.split())
    assert asked.keys() >= {"", "scale=smoke"}
    declared = tree.edited("config/coursework.yaml", "accepted: false", "accepted: true")
    with declared, ThreadPoolExecutor(2) as pool:
        words = [["all", *t, *(["--config", s] if s else [])] for s, t in asked.items()]
        done = list(pool.map(lambda one: tree.snakemake("-n", *one), words))
    for one in done:
        assert one.returncode == 0, f"{one.args}\n{one.stdout}"
        assert re.search("wildcards: .*experiment=order_double_well", one.stdout), (
            "not in the report"
        )
        assert "rule draw_order_double_well:" in one.stdout


def test_make_commands_and_their_variables_exist(tree):
    known = (ROOT / "Makefile").read_text()
    inline = [code for code in INLINE if code.startswith("make ")]
    for line in [*(line for line in COMMANDS if line.startswith("make ")), *inline]:
        assert command_is_planned_by_make(tree, line), line
        for variable in re.findall(r"\b([A-Z_]+)=", line):
            assert re.search(rf"\b{variable}\b", known), f"{line}: nothing reads {variable}"


def command_is_planned_by_make(tree, line: str) -> bool:
    done = tree.run(["make", "-n", *shlex.split(line)[1:]], MAKEFLAGS="", MAKELEVEL="")
    return done.returncode == 0


def test_environment_variables_are_read_somewhere():
    sources = [ROOT / "Makefile", *(ROOT / "src").rglob("*.py"), *(ROOT / "workflow").rglob("*.sh")]
    text = "\n".join(path.read_text() for path in sources)
    for variable in set(re.findall(r"\bGEOFLOW_[A-Z]+\b", README)):
        assert variable in text


def test_every_path_exists_or_is_made_by_the_pipeline():
    recipes = {path for _, path, _, _ in RECIPE.findall(README)}
    paths = [
        p for p in INLINE if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", p) and re.search(r"[/.]", p)
    ]
    named = {p for p in paths if "/" in p or (ROOT / p).suffix in (".md", ".cff", ".in", ".lock")}
    assert len(named) > 20
    for path in named - recipes:
        if not (ROOT / path).exists() and not path.startswith(("mnist/", "fashion_mnist/")):
            made = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT)
            assert made.returncode == 0, f"{path} is nowhere"


def test_the_map_has_every_part_of_the_library():
    source = ROOT / "src" / "geoflow"
    parts = [p for p in source.iterdir() if not p.name.startswith("__") and p.suffix != ".typed"]
    missing = [p.name for p in parts if f"`src/geoflow/{p.name}" not in README]
    assert not missing


def test_what_the_recipes_add_is_listed_and_shown(tree):
    added = {
        "methods": [*METHODS],
        "problems": ["double_well"],
        "potentials": ["pseudo_huber"],
        "layers": ["diffusion"],
        "experiments": ["order_double_well"],
    }
    script = f"""
import json
from geoflow.describe import KINDS, describe, listed
added = {added}
facts = {{name: describe(name)["kind"] for names in added.values() for name in names}}
missing = [n for kind, names in added.items() for n in names if n not in listed(kind)]
print(json.dumps([sorted(facts), missing]))
"""
    shown, missing = measured(tree, script)
    assert shown == sorted(name for names in added.values() for name in names)
    assert not missing


def test_the_added_methods_are_new_and_have_the_order_that_they_declare(tree):
    """On the pendulum, whose solution is known; and by the order conditions."""
    from geoflow.integrators import METHODS as SHIPPED

    assert not METHODS.keys() & SHIPPED.entries.keys(), "README needs another example"
    script = f"""
import json, numpy as np
from geoflow import METHODS, PROBLEMS, integrate
from geoflow.analysis.order_conditions import order_of
pendulum, found = PROBLEMS["pendulum"], {{}}
for name in {list(METHODS)}:
    def error(steps):
        run = integrate(pendulum, name, h=10 / steps, steps=steps, every=steps)
        return np.abs(run.final - pendulum.exact(10.0)).max()
    slope = np.log2(error(128) / error(256))
    found[name] = [slope, METHODS[name].order, order_of(METHODS[name])]
print(json.dumps(found))
"""
    found = measured(tree, script)
    for name, order in METHODS.items():
        slope, declared, by_conditions = found[name]
        assert declared == by_conditions == order
        assert slope == pytest.approx(order, abs=0.25)


def test_the_added_problem_runs_compiled_and_is_the_flow_of_its_hamiltonian(tree):
    script = """
import json, numpy as np
from geoflow import PROBLEMS, integrate
double_well = PROBLEMS["double_well"]
runs = [integrate(double_well, "stormer_verlet", h=h, steps=round(10 / h)) for h in (0.02, 0.01)]
other = integrate(double_well(momentum=0.1), "gauss_3", h=0.1, steps=1000)
random, worst = np.random.default_rng(1), 0.0
for y in random.standard_normal((20, 2)):
    H = lambda z: double_well.evaluate(double_well.hamiltonian, 0.0, z)
    slope = [(H(y + e) - H(y - e)) / 2e-5 for e in 1e-5 * np.eye(2)]
    worst = max(worst, np.abs(double_well.vector_field(0.0, y) - [slope[1], -slope[0]]).max())
drift = [run.drift["energy"] for run in runs]
print(json.dumps([worst, drift[0] / drift[1], other.drift["energy"], other.y[0].tolist()]))
"""
    mismatch, ratio, drift, start = measured(tree, script)
    assert mismatch < 1e-8
    assert ratio == pytest.approx(4, rel=0.1)
    assert drift < 1e-6
    assert start == [0.0, 0.1]


@pytest.mark.parametrize(
    ("folder", "added"),
    [
        ("integrators", [*METHODS]),
        ("problems", ["double_well"]),
        ("potentials", ["pseudo_huber"]),
        ("layers", ["diffusion"]),
    ],
)
def test_the_laws_over_a_table_pick_up_what_was_added_and_hold(tree, folder, added):
    words = [f"tests/{folder}", "-vv", "-p", "no:cacheprovider", "-k", " or ".join(added)]
    done = tree.run([sys.executable, "-m", "pytest", *words])
    assert done.returncode == 0, done.stdout[-3000:]
    for name in added:
        assert len(re.findall(rf"\[.*{name}.*\] PASSED", done.stdout)) >= 2


def test_the_added_experiment_and_figure_come_out_of_the_pipeline_and_the_claims_hold(tree):
    (line,) = [line for line in COMMANDS if "figures/order_double_well.pdf" in line]
    done = shell(tree, line)
    assert done.returncode == 0, done.stdout
    assert (tree.path / "figures/order_double_well.png").read_bytes().startswith(b"\x89PNG")
    results = Results(tree.path / "data/results/smoke/order_double_well")
    claims = yaml.safe_load(tree.read("config/experiment/order_double_well.yaml"))["claims"]
    for claim in claims:
        value = results.summary[claim["quantity"]]
        assert claim.get("above", -1e9) < value < claim.get("below", 1e9)
    assert set(results.table("orders")["method"]) == {*METHODS, "rk4_mistyped"}


def test_by_hand_an_experiment_runs_and_its_figure_is_drawn(tree):
    for line in starting_with("python -m"):
        done = shell(tree, line)
        assert done.returncode == 0, done.stdout
    assert Results(tree.path / "mine/smoke/kepler_orbits").values["h"] == 0.02
    assert (tree.path / "mine/kepler_orbits.pdf").exists()


def test_the_added_code_passes_the_lint_and_the_report_stays_consistent(tree):
    new = [path for kind, path, _, _ in RECIPE.findall(README) if path.endswith(".py")]
    ruff = [sys.executable, "-m", "ruff"]
    files = [path for kind, path, _, _ in RECIPE.findall(README) if kind == "file" and path in new]
    done = tree.run([*ruff, "format", "--check", *files])
    assert done.returncode == 0, done.stdout
    done = tree.run([*ruff, "check", "--fix", *new])
    assert done.returncode == 0, done.stdout
    if (ROOT / ".mypy_cache").exists():  # `make lint` leaves it; without it this takes long
        shutil.copytree(ROOT / ".mypy_cache", tree.path / ".mypy_cache")
    done = tree.run([sys.executable, "-m", "mypy", *files])
    assert not [line for line in done.stdout.splitlines() if line.startswith(tuple(files))]
    words = ["tests/report", "-m", "not tex", "-q", "-p", "no:cacheprovider"]
    done = tree.run([sys.executable, "-m", "pytest", *words])
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.tex
@pytest.mark.skipif(not shutil.which("latexmk"), reason="needs latexmk")
def test_the_added_section_is_typeset(tree, tmp_path):
    script = """
import json, sys
from pathlib import Path
sys.path.insert(0, "tests/report")
from typesetting import build
report = build(Path(sys.argv[1]))
print(json.dumps([report.status, report.text]))
"""
    done = tree.run([sys.executable, "-c", script, str(tmp_path)])
    status, text = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stdout[-3000:]
    assert "declares order six" in text or not shutil.which("pdftotext")
