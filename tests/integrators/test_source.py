"""`geoflow source` prints the loop that is compiled, and the compiler's README explains that very loop."""

import re
from pathlib import Path

import pytest

from geoflow.cli import main
from geoflow.integrators import compiler, integrate

README = Path(compiler.__file__).with_name("README.md")


def printed(capsys, *words):
    assert main(["source", *words]) == 0
    return capsys.readouterr().out


def lines(text):
    return [line for line in text.splitlines() if line.strip()]


def test_the_readme_shows_the_loop_that_is_generated(capsys):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    command = re.search(r"`geoflow source (.*?)`", README.read_text())
    assert lines("".join(blocks)) == lines(printed(capsys, *command[1].split()))


def test_the_readme_names_every_module_of_the_compiler():
    there = {path.stem for path in README.parent.glob("*.py")} - {"__init__"}
    rows = "".join(line for line in README.read_text().splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`(?=,| \|)", rows)) == there


@pytest.mark.parametrize("solver", ["fixed_point", "newton"])
def test_what_is_printed_is_what_integrate_loads(solver, capsys, monkeypatch):
    sources = []

    def load(source, label):
        sources.append(source)
        raise KeyboardInterrupt

    monkeypatch.setattr("geoflow.integrators.compiler.memory.load", load)
    monkeypatch.setattr("geoflow.integrators.compiler.memory.MEMORY", {})
    with pytest.raises(KeyboardInterrupt):
        integrate.integrate("kepler", "gauss_2", h=0.1, steps=1, solver=solver)
    assert sources == [printed(capsys, "kepler", "gauss_2", "--solver", solver)]


def test_a_loop_that_cannot_be_printed_is_refused_in_a_sentence(capsys):
    for words in (["kepler", "strang_4"], ["keplr", "rk4"], ["kepler", "rk5"]):
        assert main(["source", *words]) == 2
        assert capsys.readouterr().err.startswith("geoflow: ")
    assert main(["source", "kepler", "rk4", "--solver", "newtn"]) == 2
    assert "'fixed_point' or 'newton'" in capsys.readouterr().err
