"""The command geoflow: what it prints, how it refuses."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from geoflow import __version__
from geoflow.cli import SCRIPTS, main
from geoflow.describe import KINDS, describe, names
from geoflow.ground.errors import nearest
from geoflow.integrators import METHODS
from geoflow.integrators.controls import CONTROLS
from geoflow.problems import PROBLEMS
from geoflow.theory.structure import properties

KEYS = [
    "order", "stages", "explicit", "symmetric", "symplectic", "a_stable", "l_stable",
    "algebraically_stable", "contractivity_radius", "ssp_coefficient", "real_stability_interval",
    "imaginary_stability_interval", "reference",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_listed_can_be_shown(kind, capsys):
    assert main(["list", kind]) == 0
    assert all(len(line.split(maxsplit=1)) == 2 for line in capsys.readouterr().out.splitlines())
    assert main(["list", kind, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == names(kind)
    for name in listed if kind != "methods" else ["rk4", "gauss_7", "yoshida_4"]:
        assert main(["show", name]) == 0
        assert name in capsys.readouterr().out
        assert main(["show", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["name"] == name


def shown(name, capsys):
    assert main(["show", name, "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_equal_names_are_told_apart_by_their_kind(capsys):
    assert shown("discs", capsys)["kind"] == "experiment"
    figure = shown("figures/discs", capsys)
    assert figure["kind"] == "figure" and figure["experiments"] == ["discs"]
    study = shown("studies/contractivity/discs", capsys)
    assert study["kind"] == "study" and study["experiments"] == ["discs"] and "radius" in study["values"]


def test_a_loss_is_shown_with_its_parameters_and_its_source_in_full(capsys):
    assert main(["show", "multi_margin"]) == 0
    text = capsys.readouterr().out
    assert "margin: float = 1.0" in text and "@misc{MurariCode2025," in text


def test_what_has_no_check_is_refused(capsys):
    assert main(["check", "mnist"]) == 2
    assert "expected an entry of methods, problems, potentials, layers or experiments" in capsys.readouterr().err


def test_a_method_is_shown_with_its_derived_properties(capsys):
    rk4 = shown("rk4", capsys)
    assert [key for key in rk4 if key in KEYS] == KEYS
    assert {key: rk4[key] for key in KEYS} == properties(METHODS["rk4"])
    assert rk4["A"][1] == ["1/2", "0", "0", "0"] and rk4["contractivity_radius"] == 1
    gauss = shown("gauss_2", capsys)
    assert gauss["contractivity_radius"] == "inf" and gauss["symplectic"] is True
    verlet = shown("stormer_verlet", capsys)
    assert verlet["ssp_coefficient"] is None
    assert verlet["substeps"] == [["B", "1/2"], ["A", "1"], ["B", "1/2"]]


def test_the_declared_order_stands_beside_that_of_the_coefficients(capsys, monkeypatch):
    lines = {}
    for name in ("rk4", "gauss_6", "sofroniou_spaletta_10", "kahan"):
        assert main(["show", name]) == 0
        printed = capsys.readouterr().out.splitlines()
        (lines[name],) = [line.split(maxsplit=1)[1] for line in printed if line.startswith("order ")]
    assert lines == {
        "rk4": "4 (declared), 4 (from its coefficients)",
        "gauss_6": "12 (declared), 12 (from its coefficients)",
        "sofroniou_spaletta_10": "10 (declared), at least 8 (from its coefficients)",
        "kahan": "2 (declared)",
    }
    monkeypatch.setitem(METHODS._made, "rk4", CONTROLS["rk4_mistyped"])
    assert main(["show", "rk4"]) == 0
    assert "4 (declared), 2 (from its coefficients)" in capsys.readouterr().out
    assert main(["show", "rk4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["order_from_coefficients"] == 2


@pytest.mark.parametrize("name", names("methods"))
def test_a_method_is_shown_without_a_long_computation(name):
    """The slowest once took a minute; today's take at most two seconds of processor time on an idle machine."""
    began = time.process_time()
    describe(name)
    assert time.process_time() - began < 10


def test_check_prints_a_table_and_says_that_nothing_is_wrong(capsys):
    assert main(["check", "rk4"]) == 0
    head, order, *rest = capsys.readouterr().out.splitlines()
    assert head.split() == ["quantity", "declared", "derived", "measured"]
    assert order.split()[:4] == ["order", "4", "4", "4.00"]
    assert rest[-1] == "rk4: no errors found"


def test_check_says_what_is_wrong_and_exits_with_1(capsys, monkeypatch):
    monkeypatch.setitem(METHODS._made, "rk4", CONTROLS["rk4_mistyped"])
    assert main(["check", "rk4"]) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("wrong: ")]
    assert said[0] == "wrong: order 4 is declared, the coefficients have order 2"
    assert "entries b[1] = 1/6 and b[2] = 1/2 should be 1/3 and 1/3" in said[1]
    assert main(["check", "rk4", "--json"]) == 1
    assert [row["wrong"] for row in json.loads(capsys.readouterr().out) if row["wrong"]]


def test_the_version_is_said(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.split() == ["geoflow", __version__]


def test_numbers_of_steps_may_be_written_as_powers_of_ten(capsys):
    assert main(["integrate", "pendulum", "rk4", "--h", "0.1", "--steps", "1e2", "--every", "1e1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["steps"] == 100 and len(printed["t"]) == 11
    for wrong in ("1.5", "1e-3", "nan", "inf", "many"):
        with pytest.raises(SystemExit) as stopped:
            main(f"integrate pendulum rk4 --h 0.1 --steps {wrong}".split())
        assert stopped.value.code == 2
        assert f"expected a whole number, got {wrong!r}" in capsys.readouterr().err


def test_an_empty_list_is_not_offered(capsys):
    assert nearest("x", []) == "there are none."
    assert main(["integrate", "henon_heiles", "rk4", "--h", "0.1", "--steps", "2", "--parameter", "e=1"]) == 2
    assert "has no parameter 'e'; there are none." in capsys.readouterr().err


def test_integrate_prints_samples_as_json_and_writes_a_table(tmp_path, capsys):
    out = tmp_path / "run.parquet"
    words = f"integrate kepler stormer_verlet --h 0.01 --steps 20 --every 5 --json --out {out}"
    assert main([*words.split(), "--parameter", "eccentricity=0.3"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert np.shape(printed["y"]) == (5, 4) and printed["t"][-1] == pytest.approx(0.2)
    assert printed["y"][0] == pytest.approx(PROBLEMS["kepler"](eccentricity=0.3).y0.tolist())
    table = pd.read_parquet(out)
    assert list(table) == ["t", "y1", "y2", "y3", "y4", "energy", "angular_momentum"]
    assert table["y1"].tolist() == [row[0] for row in printed["y"]]
    assert [path.name for path in tmp_path.iterdir()] == ["run.parquet"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("check gaus_2", "nothing is called 'gaus_2'; did you mean 'gauss_2'"),
        ("show gaus_2", "nothing is called 'gaus_2'; did you mean 'gauss_2'"),
        ("integrate keplr rk4 --h 0.1 --steps 2", "unknown problem 'keplr'; did you mean 'kepler'?"),
        ("integrate kepler rk --h 0.1 --steps 2", "unknown method 'rk'"),
        ("integrate kepler rk4 --h 0 --steps 2", "expected a finite step size h other than 0, got 0.0"),
        ("integrate kepler rk4 --h nan --steps 2", "expected a finite step size h other than 0, got nan"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --y0 1,a", "expected a number for y0, got 'a'"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --y0 1,2", "expected y0 of shape (4,)"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --parameter e", "expected --parameter NAME=VALUE"),
        ("integrate fput rk4 --h 0.1 --steps 2 --parameter n=2 --parameter n=3", "expected each parameter once"),
        ("integrate fput rk4 --h 0.1 --steps 2 --parameter n=2", "has no parameter 'n'"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --out x.csv", "expected a file name ending in .parquet"),
        ("integrate henon_heiles explicit_euler --h 1 --steps 99", "the state overflowed before t = "),
        ("integrate fput gauss_2 --h 1 --steps 99", "did not converge at t = 0"),
        ("verify nowhere.zip", "nowhere.zip"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_and_status_2(words, sentence, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words.split()) == 2
    said = capfd.readouterr()
    assert said.out == "" and said.err.startswith("geoflow: ") and sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_failed_run_leaves_no_file(tmp_path):
    out = tmp_path / "run.parquet"
    words = f"integrate henon_heiles explicit_euler --h 1 --steps 99 --out {out}"
    assert main(words.split()) == 2 and not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != "verify"])
def test_a_command_of_the_repository_has_a_help_and_one_sentence_elsewhere(name, tmp_path, monkeypatch, capfd):
    assert main([name, "--help"]) == 0
    assert f"geoflow {name}" in capfd.readouterr().out
    monkeypatch.chdir(tmp_path)
    assert main([name, "--help"]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"geoflow: {name}: expected workflow/scripts/") and "root of the repository" in line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("geoflow stat", {"status"}),
        ("geoflow show yoshida_6", {"yoshida_6"}),
        ("geoflow integrate kepler implicit_midp", {"implicit_midpoint"}),
        ("geoflow trace kepler_in", {"kepler_invariants"}),  # a figure
        ("geoflow run experiment=kepler_o", {"kepler_orbits"}),
        ("geoflow show no_such", set()),
    ],
)
def test_the_shell_completes_commands_and_names(line, expected, tmp_path):
    pytest.importorskip("argcomplete")
    asked = {
        "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_COMP_WORDBREAKS": "=:",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "out"), "COMP_LINE": line, "COMP_POINT": str(len(line)),
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "geoflow.cli"], env={**os.environ, **asked}, check=True)
    assert set((tmp_path / "out").read_text().split()) == expected


@pytest.mark.parametrize(("words", "script"), [(["verify", "x.zip"], "verify_archive"), (["mark", "x"], "mark")])
def test_no_script_of_an_unpacked_archive_is_run_in_its_folder(words, script, tmp_path, monkeypatch, capfd):
    path = tmp_path / f"workflow/scripts/{script}.py"
    path.parent.mkdir(parents=True)
    path.write_text("open('ran', 'w')\n")
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert not (tmp_path / "ran").exists() and len(capfd.readouterr().err.splitlines()) == 1
