"""The command geoflow: what it prints, how it refuses."""

import json

import numpy as np
import pandas as pd
import pytest
from geoflow.theory.structure import properties

from geoflow.cli import main
from geoflow.describe import KINDS, names
from geoflow.integrators import METHODS
from geoflow.problems import PROBLEMS

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
        ("show gaus_2", "nothing is called 'gaus_2'; did you mean 'gauss_2'"),
        ("integrate keplr rk4 --h 0.1 --steps 2", "unknown problem 'keplr'; did you mean 'kepler'?"),
        ("integrate kepler rk --h 0.1 --steps 2", "unknown method 'rk'"),
        ("integrate kepler rk4 --h 0 --steps 2", "expected a finite step size h other than 0, got 0.0"),
        ("integrate kepler rk4 --h nan --steps 2", "expected a finite step size h other than 0, got nan"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --y0 1,a", "expected a number for y0, got 'a'"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --y0 1,2", "expected y0 of shape (4,)"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --parameter e", "expected --parameter NAME=VALUE"),
        ("integrate fput rk4 --h 0.1 --steps 2 --parameter n=2", "has no parameter 'n'"),
        ("integrate kepler rk4 --h 0.1 --steps 2 --out x.csv", "expected a file that ends in .parquet"),
        ("integrate henon_heiles explicit_euler --h 1 --steps 99", "the state overflowed before t = "),
        ("integrate fput gauss_2 --h 1 --steps 99", "did not converge at t = 0"),
        ("verify nowhere.zip", "nowhere.zip"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_and_status_2(words, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words.split()) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("geoflow: ") and sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_failed_run_leaves_no_file(tmp_path):
    out = tmp_path / "run.parquet"
    words = f"integrate henon_heiles explicit_euler --h 1 --steps 99 --out {out}"
    assert main(words.split()) == 2 and not list(tmp_path.iterdir())
