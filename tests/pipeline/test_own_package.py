"""Entries, studies, experiments and figures of the user's own package, as in docs/recipes.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from new_own import create

from geoflow.ground import InputError

ROOT = Path(__file__).resolve().parents[2]
RECIPE = re.compile(r"^<!-- (file|entry): (\S+)(?: \S+)? -->\n```\w+\n(.*?)^```$", re.M | re.S)
RECIPES = RECIPE.findall((ROOT / "docs/recipes.md").read_text())
METHOD = """from geoflow.integrators import METHODS as SHIPPED
from geoflow.integrators.compositions import lifted, triple_jump

METHODS = {
    "triple_jump_6": lifted(SHIPPED["stormer_verlet"], triple_jump, order=6, reference="Yoshida1990"),
}
"""
STARTED = {
    "method": "triple_jump_6", "problem": "double_well", "potential": "pseudo_huber", "layer": "diffusion",
    "study": "cost", "experiment": "my_orders",
}  # fmt: skip
MISTAKES = {
    "triple_jump_6": "order 3 is declared, the coefficients have order 2",
    "double_well": "the force is not -dU/dq",
    "pseudo_huber": "the Hessian is not the derivative of the gradient",
    "diffusion": "lipschitz_bound() = 1 is not a bound",
    "cost": "claim 'small' needs a threshold",
    "my_orders": "the study returns no quantity 'order/heun_3'; did you mean 'order/rk4'?",
}


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A folder in which `geoflow new` has started one entry of each kind."""
    for kind, name in STARTED.items():
        create(kind, name, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def own(started: Path) -> Path:
    """The folder after the recipes were followed."""
    (started / "methods.py").write_text(METHOD)
    (started / "my_orders.yaml").write_text((started / "my_orders.yaml").read_text().replace("heun_3", "rk4"))
    for kind, path, block in RECIPES:
        target = started / ("cost" if "/cost/" in path else "") / path.rpartition("/")[2]
        if kind == "file" and target.exists():
            text = block.replace("geoflow.studies.convergence.cost", "geoflow.own.cost")
            target.write_text(text.replace("convergence/", "own/"))
    return started


def python(own: Path, script: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GEOFLOW_OWN": str(own), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_the_recipes_work_in_the_own_package(own: Path, tmp_path: Path) -> None:
    script = f"""
from geoflow.check import check
from geoflow.describe import describe, names
from geoflow.pipeline.draw import render
from geoflow.pipeline.entry import main
from geoflow.studies import find_studies
for name in {[*STARTED.values()]}:
    assert not [row.wrong for row in check(name) if row.wrong], name
    assert name in names(describe(name)["kind"] + "s"), name
assert "own/cost" in find_studies()
main(["experiment=cost", "scale=smoke", "out={tmp_path}/smoke/cost"])
from pathlib import Path
render("cost", "smoke", Path("{tmp_path}"), Path("{tmp_path}"))
"""
    done = python(own, script)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cost.png").read_bytes().startswith(b"\x89PNG")


def test_what_geoflow_new_writes_has_a_mistake_that_the_check_states(started: Path) -> None:
    script = f"""
from geoflow.check import check
for name in {[*MISTAKES]}:
    print(name, *(row.wrong for row in check(name) if row.wrong))
"""
    done = python(started, script)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said.keys() == MISTAKES.keys(), done.stderr
    for name, words in MISTAKES.items():
        assert words in said[name]
        assert f'check("{name}")' in (started / f"tests/test_{name}.py").read_text()


def test_a_second_entry_goes_into_the_same_table_and_a_name_is_used_once(started: Path) -> None:
    create("method", "another", started)
    table = (started / "methods.py").read_text()
    assert table.index('"triple_jump_6": ') < table.index('"another": ') and table.count("import explicit_rk") == 1
    for name, words in (("rk4", "is taken"), ("Two Words", "small letters"), ("tests", "small letters")):
        with pytest.raises(InputError, match=words):
            create("method", name, started)
    with pytest.raises(InputError, match="exists; remove it"):
        create("problem", "double_well", started)


def test_a_digest_includes_the_own_code_that_the_values_name_and_no_other(own: Path) -> None:
    script = """
from geoflow.pipeline.compose import compose
from geoflow.pipeline.run import code, reached
one = compose("cost", "smoke")
found = reached(f"{one.stage}/{one.study}", one.values)
print(*sorted(key for key in found if "own." in key or "double_well" in key))
print(code(f"{one.stage}/{one.study}", one.values))
"""
    names, first = python(own, script).stdout.splitlines()
    assert names.split() == [
        "geoflow.own.cost.config", "geoflow.own.cost.study", "geoflow.own.double_well",
        "geoflow.problems:PROBLEMS[double_well]",
    ]  # fmt: skip
    (own / "methods.py").write_text((own / "methods.py").read_text().replace("order=6", "order=8"))
    assert python(own, script).stdout.splitlines()[1] == first
    (own / "double_well.py").write_text((own / "double_well.py").read_text().replace("(p[0],)", "(2 * p[0],)"))
    assert python(own, script).stdout.splitlines()[1] != first


FAULTS = {
    "an error in a table": ("methods.py", "METHODS = {", "1 / 0\nMETHODS = {", "methods.py, line 4: ZeroDivisionError"),
    "a typing error": ("problems.py", "PROBLEMS = {", "PROBLEMS = {{", "problems.py, line 3: SyntaxError"),
    "another name of the table": ("methods.py", "METHODS =", "METHOD =", "methods.py: expected METHODS = {...}"),
    "a name of geoflow": ("methods.py", '"triple_jump_6"', '"rk4"', "METHODS of geoflow already has 'rk4'"),
    "a name that is not written out": ("methods.py", '"triple_jump_6":', 'str("a"):', "with the names in quotes"),
    "a class of another name": ("cost/config.py", "class Cost", "class Price", "expected a class Cost, found none"),
    "an import that fails": ("cost/study.py", "import pandas", "import panda", "no module 'panda'"),
    "an error while it runs": ("cost/study.py", "steps *= 2", "steps *= 2 / 0", "study.py, line 18: ZeroDivisionError"),
    "a list of figures with another key": ("figures.yaml", "draws", "draw", "figures.yaml: expected 'NAME: {draws"),
    "an experiment of geoflow": ("cost.yaml", "", "", "expected one experiment 'harmonic_oscillator'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_own_package_is_one_sentence(own: Path, tmp_path: Path, name: str) -> None:
    file, old, new, words = FAULTS[name]
    path = own / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    if not old:
        path.rename(own / "harmonic_oscillator.yaml")
    script = f"""
from geoflow.ground.sentences import sentences
with sentences():
    from geoflow.integrators import METHODS
    from geoflow.pipeline.entry import main
    METHODS.entries
    main(["experiment=cost", "scale=smoke", "out={tmp_path}/out"])
"""
    done = python(own, script)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2 and words in line
    assert not (tmp_path / "out").exists()
