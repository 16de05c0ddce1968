"""The commands, paths and names in README exist and do what it says."""

import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from recipes import BLOCK, COMMANDS, INLINE, RECIPE, ROOT, TEXT, shell, starting_with

from geoflow.ground.results import Results

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("readme")]


def test_the_types_agree():
    """`make lint` ends with it; here it takes its minute beside other tests, and the recipes find what it remembers."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


EXAMPLES = [block for language, block in BLOCK.findall(TEXT) if "\nprint(" in block]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_python_example_prints_what_it_says(tree, example):
    said = re.findall(r"^print\(.*\)  +# (.*)$", example, re.M)
    done = tree.run([sys.executable, "-W", "error", "-c", example])
    assert done.stdout.splitlines() == said
    assert len(said) == example.count("print(")


@pytest.mark.parametrize(
    "line",
    starting_with(*(f"geoflow {word}" for word in ("list", "show", "check", "source", "integrate", "run", "search"))),
)
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
        assert re.search("wildcards: .*experiment=order_double_well", one.stdout), "not in the report"
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
    sources = [ROOT / "Makefile", *(ROOT / "src").rglob("*.py"), *(ROOT / "workflow").rglob("*.*[yh]")]
    text = "\n".join(path.read_text() for path in sources)
    for variable in set(re.findall(r"\bGEOFLOW_[A-Z]+\b", TEXT)):
        assert variable in text


def test_every_path_exists_or_is_made_by_the_pipeline():
    recipes = {path for _, path, _, _ in RECIPE.findall(TEXT)}
    paths = [p for p in INLINE if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", p) and re.search(r"[/.]", p)]
    named = {p for p in paths if "/" in p or (ROOT / p).suffix in (".md", ".cff", ".in", ".lock")}
    assert len(named) > 15
    for path in named - recipes:
        if not (ROOT / path).exists() and not path.startswith(("mnist/", "fashion_mnist/")):
            made = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT)
            assert made.returncode == 0, f"{path} is nowhere"


def test_the_map_is_one_click_away_and_names_every_room():
    """What each room may import is checked from the same table, in tests/test_floors.py."""
    assert "](ARCHITECTURE.md)" in TEXT
    rooms = re.findall(r"^\| `(\w+)` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
    there = {p.stem for p in (ROOT / "src" / "geoflow").iterdir() if not p.stem.startswith(("__", "py"))}
    assert set(rooms) == there


def test_by_hand_an_experiment_runs_and_its_figure_is_drawn(tree):
    by_hand = [line for line in starting_with("geoflow run", "python -m") if "mine" in line]
    for line in by_hand:
        done = shell(tree, line)
        assert done.returncode == 0, done.stdout
    assert Results(tree.path / "mine/smoke/kepler_orbits").values["h"] == 0.02
    assert (tree.path / "mine/kepler_orbits.pdf").exists()
