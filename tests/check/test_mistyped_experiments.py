"""One wrong value, name, threshold or number of an experiment is found and named; nothing is run."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from composed import experiments as all_experiments

from geoflow.check import check, experiments
from geoflow.check.experiments import claims, figures, idle_threshold, report
from geoflow.ground.results import write_tables
from geoflow.pipeline.compose import compose
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES, Figure

ROOT = Path(__file__).parents[2]
FILE = Path("config/experiment/hamiltonian/kepler_orbits.yaml")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what a check reads."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("config", "report"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture
def orbits(tree, monkeypatch):
    """The text of one experiment, in the copy, restored afterwards."""
    monkeypatch.chdir(tree)
    text = FILE.read_text()
    yield text
    FILE.write_text(text)


MISTYPED = [
    ("# @package _global_\n", "", "expected '# @package _global_' as the first line"),
    ("hamiltonian/orbits", "hamiltonian/orbit", "unknown study 'hamiltonian/orbit'; did you mean 'hamiltonian/orbits'"),
    ("/methods: kepler", "/methods: keplr", "unknown member of methods/ 'keplr'; did you mean 'kepler'"),
    ("name: kepler,", "name: keplr,", "unknown problem 'keplr'; did you mean 'kepler'"),
    ("eccentricity: 0.6", "excentricity: 0.6", "excentricity", "did you mean 'eccentricity'"),
    ("steps: 1_000_000", "stps: 1_000_000", "unknown key 'study.stps'; did you mean 'steps'"),
    ("h: 0.05", "h: small", "study.h: Value 'small' of type 'str' could not be converted to Float"),
    ("${methods.full}", "${- methods.full}", "study.methods: expected YAML; token recognition error"),
    ("  h: 0.05\n", "", "expected a value for study.h, got none"),
    ("methods: ${methods.full}", "methods: [rk44]", "unknown method 'rk44'; did you mean 'rk4'"),
    ("  smoke:", "  smok:", "at_scale: unknown scale 'smok'; did you mean 'smoke'"),
    ("    steps: 20_000", "    step: 20_000", "unknown key 'at_scale.smoke.step'; did you mean 'steps'"),
    ("claims:\n", "claim:\n", "unknown key 'claim'; did you mean 'claims'"),
    ("energy_growth/rk4", "energy_growth/rk44", "no quantity 'energy_growth/rk44'; did you mean 'energy_growth/rk4'"),
    ("energy_growth/rk4", "energy_grow/rk4", "no quantity 'energy_grow/rk4'; did you mean 'energy_growth/rk4'"),
    ("    above: 5\n", "", "claim 'rk4_drifts' needs a threshold: give below or above"),
    ("    above: 5\n", "    abov: 5\n", "abov", "did you mean 'above'"),
    ("rk4_momentum", "rk4_drifts", "expected one claim 'rk4_drifts', got 2"),
    ("[default, paper]", "[default, papr]", "unknown scale 'papr'; did you mean 'paper'"),
    ("  - name: rk4_drifts", "  - name: [", "expected YAML"),
    ("above: 5\n", "above: .inf\n", "claim 'rk4_drifts' needs a threshold"),
]  # fmt: skip


@pytest.mark.parametrize("case", MISTYPED, ids=[case[2] for case in MISTYPED])
def test_what_is_wrong_in_the_file_is_named(orbits, case):
    right, wrong, *words = case
    assert right in orbits
    FILE.write_text(orbits.replace(right, wrong, 1))
    said = "\n".join(row.wrong for row in check("kepler_orbits"))
    assert all(word in said for word in words), said
    assert "could not be finished" not in said


@pytest.mark.parametrize(
    ("quantity", "below", "above", "verdict"),
    [
        ("energy_error/rk4", None, -1.0, "cannot fail: expected energy_error/rk4 above -1, but it is an error"),
        ("energy_error/rk4", 0.0, None, "can never hold"),
        (
            "certified/resnet/0.5",
            1.01,
            None,
            "cannot fail: expected certified/resnet/0.5 below 1.01, but it is a share",
        ),
        ("early_share", None, 1.0, "can never hold"),
        ("clean/resnet", None, -0.1, "cannot fail"),
        ("violations", 0.0, None, "can never hold"),
        ("energy_growth/rk4", 1.0, 2.0, "can never hold: expected above less than below, got above 2 and below 1"),
        ("energy_growth/rk4", float("nan"), None, "can never hold"),
        ("energy_growth/rk4", float("inf"), None, "cannot fail"),
        ("energy_growth/rk4", None, float("-inf"), "cannot fail"),
        ("energy_error/rk4", 1e-9, 0.0, ""),
        ("early_share", 1.0, None, ""),
        ("precession/rk4", -1e-4, None, ""),
    ],
)
def test_a_threshold_that_all_values_satisfy_or_none_is_named(quantity, below, above, verdict):
    said = idle_threshold({"name": "one", "quantity": quantity, "below": below, "above": above})
    assert said.startswith(f"claim one {verdict}") if verdict else said == ""


def test_a_number_of_the_report_that_no_study_returns_is_named(orbits):
    one, section = compose("kepler_orbits", "smoke"), Path("report/sections/more.tex")
    section.write_text(r"% \result{kepler_orbits}{not/read}" "\n" r"\result{kepler_orbits}{energy_eror/rk4}"
                       r"\result[percent]{kepler_orbits}{energy_error/rk4} \setting{kepler_orbits}{stps}")  # fmt: skip
    try:
        wrong = [row.wrong for row in report(one) if row.wrong]
    finally:
        section.unlink()
    assert len(wrong) == 2
    assert "no quantity 'energy_eror/rk4'; did you mean 'energy_error/rk4'" in wrong[0]
    assert "the experiment has no value 'stps'; did you mean 'steps'" in wrong[1]


@pytest.mark.parametrize(
    ("draws", "experiment", "words"),
    [
        ("hamiltonian.orbits.figure:drew", "kepler_orbits", "has no function 'drew'; did you mean 'draw"),
        (
            "hamiltonian.orbit.figure:draw",
            "kepler_orbits",
            "expected a module geoflow.studies.hamiltonian.orbit.figure",
        ),
        (
            "hamiltonian.orbits.figure:draw",
            "kepler_orbit",
            "no experiment 'kepler_orbit'; did you mean 'kepler_orbits'",
        ),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_named(monkeypatch, draws, experiment, words):
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(FIGURES, "mine", Figure(draws, (experiment,)))
    (row,) = [row for row in figures("kepler_orbits") if row.quantity == "figure mine"]
    assert words in row.wrong


@pytest.fixture
def results(orbits, monkeypatch):
    """Made-up results at the scale smoke, of the values and the code of today."""
    monkeypatch.setattr(experiments, "code", lambda study, values: "code")
    one = compose("kepler_orbits", "smoke")
    frames = {name: pd.DataFrame({"a": [1.0]}) for name in one.tables}
    value = {claim["quantity"]: (claim["below"] or 2 * claim["above"]) * 0.9 for claim in one.claims}
    frames["summary"] = pd.DataFrame({"key": list(value), "value": list(value.values())})
    folder = Path("data/results/smoke/kepler_orbits")

    def written(config=None, **changes):
        shutil.rmtree(folder, ignore_errors=True)
        key = frames["summary"]["key"]
        table = frames["summary"].assign(value=[changes.get(k, v) for k, v in zip(key, value.values(), strict=True)])
        origin = {"config": config or one.digest(), "code": "code"}
        write_tables(folder, {**frames, "summary": table}, provenance=origin, config=one.slice() + "\n")
        return folder

    yield written
    shutil.rmtree("data")


def test_results_are_held_against_digests_and_claims(results):
    results()
    rows = {row.quantity: row for row in check("hamiltonian/kepler_orbits")}
    assert [row.wrong for row in rows.values() if row.wrong] == []
    assert rows["results at smoke"].measured == "whole and current"
    assert rows["claim rk4_drifts"].measured == "9 at smoke"
    results(**{"energy_growth/rk4": 1.0})
    (wrong,) = [row.wrong for row in check("kepler_orbits") if row.wrong]
    assert wrong == "claim rk4_drifts fails at scale smoke: expected energy_growth/rk4 above 5, got 1."


def test_damaged_and_stale_results_are_named_and_not_judged(results):
    path = results() / "orbits.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (row,) = [row for row in check("kepler_orbits") if row.wrong]
    assert "orbits.parquet is damaged or edited" in row.wrong
    results(config="of other values", **{"energy_growth/rk4": 1.0})
    (row,) = [row for row in check("kepler_orbits") if row.wrong]
    assert "of other values or other code" in row.wrong


def test_nothing_is_wrong_with_any_experiment(monkeypatch):
    """Their values, too: a mistake there is an error of `all_experiments`."""
    monkeypatch.chdir(ROOT)
    composed = all_experiments("default")
    composed |= {name: compose(name, "paper") for name in experiment_files() if name not in composed}
    wrong = [row.wrong for one in composed.values() for row in [*claims([one]), *figures(one.name), *report(one)]]
    assert list(filter(None, wrong)) == []
    assert not [row.wrong for row in check("mnist_robustness") if row.wrong]  # its results are tracked


def test_every_claim_of_a_table_of_figures_is_seen():
    """Guards the above against a loop over nothing."""
    one = replace(compose("kepler_orbits"), claims=[{"name": "x", "quantity": "failures", "below": 0, "above": None}])
    assert next(row.wrong for row in claims([one])).startswith("claim x can never hold")
