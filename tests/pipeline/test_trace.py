"""`geoflow trace`: from a printed number, a quantity or a figure to its results."""

import pandas as pd
import pytest
import trace_number
from printed_numbers import plain

from geoflow.ground.errors import InputError
from geoflow.ground.results import write_tables
from geoflow.pipeline import latex

MADE = {
    "stage": "hamiltonian",
    "study": "side_by_side",
    "scale": "smoke",
    "config": "c0",
    "code": "d0",
    "commit": "abc",
}
SUMMARY = {"final_energy/rk45": 0.68441234, "first": 0.6838, "share": 0.0684, "many": 123456789.0}
VALUES = '{"values": {"h": 0.05, "methods": ["rk45"]}}'
TEXT = r"""A first line.
The energy is \result{harmonic_oscillator}{final_energy/rk45}, \result[percent]{harmonic_oscillator}{share}.
\geofigure{harmonic_oscillator}{With $h = \setting{harmonic_oscillator}{h}$.}
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A report of one line on the results of one experiment."""
    monkeypatch.chdir(tmp_path)
    tables = {
        "states": pd.DataFrame({"method": ["rk4", "rk45"], "q1": [0.5, 0.77777]}),
        "summary": pd.DataFrame({"key": list(SUMMARY), "value": list(SUMMARY.values())}),
    }
    write_tables("data/results/smoke/harmonic_oscillator", tables, {}, MADE, VALUES)
    for name, text in (
        ("sections/energy.tex", TEXT),
        ("generated/scale.tex", "\\newcommand{\\reportscale}{smoke}\n"),
        ("generated/tables/orders.tex", "head\nrk45 & \\ensuremath{0.778} & 2 \\\\\n"),
    ):
        path = tmp_path / "report" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def traced(capsys, *words):
    trace_number.main(words)
    return capsys.readouterr().out.splitlines()


def test_a_number_is_traced_to_its_line_file_key_study_and_run_and_the_printed_one_is_first(tree, capsys):
    lines = traced(capsys, "0.684")
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == ["harmonic_oscillator:final_energy/rk45", "harmonic_oscillator:first"]
    assert lines[1:7] == [
        "  value     0.68441234",
        "  printed   report/sections/energy.tex, line 2",
        "  from      data/results/smoke/harmonic_oscillator/summary.parquet, key final_energy/rk45",
        "  values    data/results/smoke/harmonic_oscillator/config.json",
        "  study     src/geoflow/studies/hamiltonian/side_by_side/study.py",
        "  run       scale smoke, commit abc, values c0, code d0",
    ]


@pytest.mark.parametrize(
    ("number", "key", "line"), [("6.8 %", "share", 2), ("0.05", "h", 3), ("123 456 789", "many", None)]
)
def test_percentages_values_and_grouped_digits_are_found(tree, capsys, number, key, line):
    lines = traced(capsys, number)
    assert lines[0] == f"harmonic_oscillator:{key}"
    assert (f"  printed   report/sections/energy.tex, line {line}" in lines) == (line is not None)


def test_a_number_of_a_generated_table_is_found_in_the_column_of_the_results(tree, capsys):
    lines = traced(capsys, "0.778")
    assert lines[:2] == ["printed in report/generated/tables/orders.tex, line 2", "harmonic_oscillator:q1"]
    assert "  from      data/results/smoke/harmonic_oscillator/states.parquet, column q1, row 1" in lines


def test_a_quantity_and_a_figure_are_traced_by_their_names(tree, capsys):
    assert "  value     0.0684" in traced(capsys, "harmonic_oscillator:share")
    lines = traced(capsys, "figures/harmonic_oscillator.pdf")
    assert "  printed   report/sections/energy.tex, line 3" in lines
    assert "  table     data/results/smoke/harmonic_oscillator/states.parquet: method, q1" in lines


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("harmonic_oscilator", "or EXPERIMENT:QUANTITY, got 'harmonic_oscilator'; did you mean 'harmonic_oscillator'?"),
        ("harmonic_oscillator:shares", "no quantity 'shares'; did you mean 'share'?"),
        ("harmonic:share", "an experiment 'harmonic'; did you mean 'harmonic_oscillator'?"),
        ("kepler_orbits", "there are no results of kepler_orbits, which the figure kepler_orbits shows"),
        ("0.9999", "no result is written as 0.9999; give the number as it is printed"),
    ],
)
def test_an_unknown_name_gets_one_sentence_with_the_nearest_names(tree, name, said):
    with pytest.raises(InputError) as refused:
        trace_number.main([name])
    assert said in str(refused.value)


@pytest.mark.parametrize("value", [1.5e-7, -2.25e9, 0.5, 12345678.0, 1e-300])
def test_what_latex_prints_and_what_a_reader_types_are_the_same_number(value):
    assert plain(latex.number(value)) == plain(latex.number(value).replace(r"\ensuremath", "").strip("{}"))
    if "cdot" in latex.number(value):
        assert plain(latex.number(value)) == plain(f"{value:.2e}")
