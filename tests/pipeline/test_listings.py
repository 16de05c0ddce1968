"""Tables of experiments as LaTeX: their columns, their rows, and what is infinite."""

import pandas as pd
import steps

from geoflow.ground.results import write_tables


def results(folder, study, values, **tables):
    summary = pd.DataFrame({"key": ["nothing"], "value": [0.0]})
    write_tables(folder, {**tables, "summary": summary}, provenance={"scale": "default"})
    (folder / "config.json").write_text(f'{{"study": "{study}", "values": {values}}}')


def test_a_table_is_written_for_each_experiment(tmp_path):
    row = {"method": "gauss_2", "energy": 1e-6, "angular_momentum": 0.0}
    form = {"symplecticity": 0.0, "symmetry": 0.0, "loop": 1e-9}
    results(tmp_path / "some", "first_integrals", "{}", kept=pd.DataFrame([row | form]))
    cost = {"method": "saba_2", "order": 2, "split": True, "evaluations_0": float("inf")}
    costs = pd.DataFrame([cost])
    results(tmp_path / "other", "planet_costs", '{"accuracies": [0.001]}', costs=costs)
    words = [f"results={tmp_path}", "experiments=some,other", f"out={tmp_path}"]
    steps.main("listings", *words)
    some, other = ((tmp_path / f"{name}.tex").read_text() for name in ("some", "other"))
    assert r"Method & energy & angular momentum & $J^{\top} W J - W$ & symmetry & loop" in some
    assert r"gauss\_2 & \ensuremath{1.00\cdot 10^{-6}} & \ensuremath{0}" in some
    assert r"\ensuremath{0.001}\,au" in other
    assert r"saba\_2, Kepler drift & \ensuremath{2} & \ensuremath{\infty}" in other


def test_what_was_not_found_is_a_dash_in_the_table_of_radii(tmp_path):
    row = {"method": "rk4", "bound": 2.0, "at_bound": 1e-9, "at_bound_searched": float("nan")}
    above = {"above": 0.02, "above_searched": 0.02, "above_staged": 0.02}
    table = pd.DataFrame([row | above])
    results(tmp_path / "radii", "radius_controls", "{}", controls=table)
    words = [f"results={tmp_path}", "experiments=radii", f"out={tmp_path}"]
    steps.main("listings", *words)
    line = r"rk4 & \ensuremath{2} & \ensuremath{1.00\cdot 10^{-9}} & -- & \ensuremath{0.0200}"
    assert line in (tmp_path / "radii.tex").read_text()
