"""Numbers of the course: claims that all digits are reproduced, and the table with ours beside them."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from course_table import table

from geoflow.ground.errors import InputError
from geoflow.ground.results import Results, write_tables
from geoflow.pipeline.compose import compose


def published(text: str, quantity: str, run: str, **more: object) -> dict[str, object]:
    return {"text": text, "quantity": quantity, "run": run, **more}


@pytest.fixture
def run(tmp_path: Path) -> Results:
    facts = {"error/euler": 1.97732, "accuracy": 0.99, "round_off": 4e-16}
    facts |= {"least_loss/net": 1e-7, "median_loss/net": 3e-7, "most_loss/net": 2e-6}
    write_tables(tmp_path, {"summary": pd.DataFrame({"key": list(facts), "value": list(facts.values())})})
    (tmp_path / "config.json").write_text(json.dumps({"values": {"seeds": [0, 1, 2]}}))
    return Results(tmp_path)


def test_all_digits_a_factor_and_a_range_over_the_seeds_are_told_apart(run: Results) -> None:
    numbers = [
        published("to all digits", "error/euler", "3.9546", times=2),
        published("round-off", "round_off", "1e-16", within=10),
        published("in the range", "loss/net", "9.86e-7", notes="1e-6"),
    ]
    text = table({"one": run}, {"one": numbers})
    assert r"\texttt{one}, 3 seeds" in text
    assert r"\ensuremath{3.9546} & \ensuremath{3.9546} & all digits" in text
    assert r"\ensuremath{10^{-16}}" in text and r"factor \ensuremath{10}" in text
    assert r"9.86\cdot 10^{-7}" in text and "inside" in text


def test_another_digit_another_power_of_ten_and_a_number_beyond_the_range_show(run: Results) -> None:
    """Negative control."""
    numbers = [
        published("wrong digit", "error/euler", "3.9547", times=2),
        published("no round-off", "round_off", "1e-14", within=10),
        published("beyond", "loss/net", "3.1e-6"),
    ]
    text = table({"one": run}, {"one": numbers})
    assert text.count(r"\textbf{no}") == 2 and text.count(r"\textbf{outside}") == 1


def test_a_published_number_is_a_claim_on_its_last_digit() -> None:
    claims = {claim["name"]: claim for claim in compose("harmonic_oscillator", "smoke").claims}
    first = claims["published_1"]
    assert first["quantity"] == "energy_change/explicit_euler"
    assert (2 * first["above"], 2 * first["below"]) == pytest.approx((3.95455, 3.95465), rel=1e-12)


def test_a_published_number_of_an_unknown_quantity_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(request.config.rootpath / "config", tmp_path / "config")
    path = tmp_path / "config/experiment/course/free_rigid_body.yaml"
    path.write_text(path.read_text().replace("casimir_change/explicit_euler", "casimr_change/explicit_euler"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"published_1.*did you mean 'casimir_change/explicit_euler'"):
        compose("free_rigid_body")


@pytest.mark.parametrize("name", ["sir_model", "learned_flow"])  # a number to all digits, and one over the seeds
@pytest.mark.parametrize(
    "given", ["run: 0.17O6", "run: .nan", "run: '1', times: 0", "run: '1', notes: 1e", "notes: ''"]
)
def test_a_published_number_that_is_none_is_refused_before_anything_runs(
    name: str, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(request.config.rootpath / "config", tmp_path / "config")
    path = tmp_path / f"config/experiment/course/{name}.yaml"
    changed, number = re.subn(r'run: "[^"]*"', given, path.read_text(), count=1)
    path.write_text(changed)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=rf"{name}.yaml: printed\[0\]: expected a number in `run`"):
        compose(name)
    assert number == 1
