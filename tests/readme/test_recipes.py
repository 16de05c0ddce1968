"""The recipes of README, pasted into a clean copy, give methods, problems and figures that hold what they claim."""

import json
import re
import shutil
import sys

import pytest
import yaml
from recipes import COMMANDS, METHODS, RECIPE, ROOT, TEXT, measured, shell

from geoflow.ground.results import Results

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("readme")]


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
from geoflow.describe import describe, names
added = {added}
facts = {{name: describe(name)["kind"] for new in added.values() for name in new}}
missing = [n for kind, new in added.items() for n in new if n not in names(kind)]
print(json.dumps([sorted(facts), missing]))
"""
    shown, missing = measured(tree, script)
    assert shown == sorted(name for names in added.values() for name in names)
    assert not missing


def test_the_added_methods_are_new_and_have_the_order_that_they_declare(tree):
    """On the pendulum, whose solution is known; and by the order conditions."""
    from geoflow.integrators import METHODS as SHIPPED

    assert not METHODS.keys() & SHIPPED.entries.keys(), "the recipes need another example"
    script = f"""
import json, numpy as np
from geoflow import METHODS, PROBLEMS, integrate
from geoflow.theory.order_conditions import order_of
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


SLIPS = {
    "runge_3": (
        "src/geoflow/integrators/methods/explicit.py",
        "[[], [half], [0, 1], [0, 0, 1]]",
        "[[], [half], [0, 1], [0, half, half]]",
        "should be 1/6: order 3 condition; entries A[3][1] = 1/2 and A[3][2] = 1/2 should be 0 and 1",
    ),
    "double_well": (
        "src/geoflow/problems/double_well.py",
        "return (q[0] - q[0] ** 3,)",
        "return (q[0] + q[0] ** 3,)",
        "the force is not -dU/dq: component 0",
    ),
    "pseudo_huber": (
        "src/geoflow/potentials/pseudo_huber.py",
        "return root(s) ** -3",
        "return root(s) ** -2",
        "the Hessian is not the derivative of the gradient",
    ),
    "diffusion": (
        "src/geoflow/layers/diffusion.py",
        "torch.linalg.inv(identity + self.h",
        "torch.linalg.inv(identity - self.h",
        "lipschitz_bound() = 1 is not a bound",
    ),
    "order_double_well": (
        "config/experiment/convergence/order_double_well.yaml",
        "quantity: order/triple_jump_6",
        "quantity: order/triple_jmp_6",
        "the study returns no quantity 'order/triple_jmp_6'; did you mean 'order/triple_jump_6'",
    ),
    "cost": (
        "src/geoflow/studies/figures.yaml",
        "convergence.cost.figure:draw",
        "convergence.cost.figure:drw",
        "figure.py has no function 'drw'; did you mean 'draw'?",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_recipes_end_with_a_check_that_names_a_slip(tree, name):
    assert f"geoflow check {name}" in COMMANDS
    path, typed, mistyped, words = SLIPS[name]
    with tree.edited(path, typed, mistyped):
        done = shell(tree, f"geoflow check {name}")
    assert done.returncode == 1
    assert words in done.stdout


def test_the_added_experiment_and_figure_come_out_of_the_pipeline_and_the_claims_hold(tree):
    (line,) = [line for line in COMMANDS if "figures/order_double_well.pdf" in line]
    done = shell(tree, line)
    assert done.returncode == 0, done.stdout
    assert (tree.path / "figures/order_double_well.png").read_bytes().startswith(b"\x89PNG")
    results = Results(tree.path / "data/results/smoke/order_double_well")
    claims = yaml.safe_load(tree.read("config/experiment/convergence/order_double_well.yaml"))["claims"]
    for claim in claims:
        value = results.summary[claim["quantity"]]
        assert claim.get("above", -1e9) < value < claim.get("below", 1e9)
    assert set(results.table("orders")["method"]) == {*METHODS, "rk4_mistyped"}
    checked = shell(tree, "geoflow check order_double_well")
    assert checked.returncode == 0, checked.stdout
    assert "whole and current" in checked.stdout


def test_the_added_study_is_three_files_and_seventy_lines_and_runs_through_the_pipeline(tree):
    written = {path: block for kind, path, _, block in RECIPE.findall(TEXT) if kind == "file"}
    own = {path: block for path, block in written.items() if "studies/convergence/cost/" in path}
    assert sorted(path.rpartition("/")[2] for path in own) == ["config.py", "figure.py", "study.py"]
    assert sum(len(block.splitlines()) for block in own.values()) <= 70
    (line,) = [line for line in COMMANDS if "figures/cost.pdf" in line]
    done = shell(tree, line)
    assert done.returncode == 0, done.stdout
    assert (tree.path / "figures/cost.png").read_bytes().startswith(b"\x89PNG")
    summary = Results(tree.path / "data/results/smoke/cost").summary
    assert summary["steps/double_well"] <= summary["most"] < 1e5


def test_the_added_code_passes_the_lint_and_the_report_stays_consistent(tree):
    new = [path for kind, path, _, _ in RECIPE.findall(TEXT) if path.endswith(".py")]
    ruff = [sys.executable, "-m", "ruff"]
    files = [path for kind, path, _, _ in RECIPE.findall(TEXT) if kind == "file" and path in new]
    done = tree.run([*ruff, "format", "--check", *files])
    assert done.returncode == 0, done.stdout
    done = tree.run([*ruff, "check", "--fix", *new])
    assert done.returncode == 0, done.stdout
    if (ROOT / ".mypy_cache").exists():  # the test of the types leaves it; without it this takes long
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
sys.path[:0] = ["tests/report", "workflow/scripts"]
from typesetting import build
report = build(Path(sys.argv[1]))
print(json.dumps([report.status, report.log]))
"""
    done = tree.run([sys.executable, "-c", script, str(tmp_path)])
    status, log = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, log[-3000:]
    assert "sections/convergence/double_well.tex" in log
