"""The names that users may rely on, with their parameters and fields: a change is a decision, see CONTRIBUTING.md."""

import inspect
import re
from pathlib import Path

import geoflow

TABLES = {"METHODS", "PROBLEMS", "POTENTIALS", "LAYERS"}
PUBLIC = {
    "Problem": "y0 span reference field velocity force hamiltonian invariants exact flows offers units name parameters"
    " make",
    "Trajectory": "t y invariants drift final steps h iterations problem method",
    "integrate": "problem method h steps every invariants monitor compensated y0 t0 solver until",
    "integrate_ensemble": "problem method y0 h steps every compensated t0 threads",
    "prepare": "problem method compensated solver",
    "time_transformed": "problem power",
}
COMMANDS = (
    "list show check integrate source run search verify trace why cost draw open status profile assign mark new"
    " precheck keep-paper verify-paper"
)


def test_the_public_names_and_their_parameters_are_those_listed_here():
    assert set(geoflow.__all__) == {"__version__", *TABLES, *PUBLIC} == set(dir(geoflow))
    for name, parameters in PUBLIC.items():
        assert " ".join(inspect.signature(getattr(geoflow, name)).parameters) == parameters, name


def test_the_commands_are_those_listed_here():
    from geoflow.cli import _parser

    text = _parser().format_help()
    assert re.findall(r"^    ([a-z-]+)(?:  |$)", text, re.M) == COMMANDS.split()


def test_the_rule_for_changes_names_the_place_and_this_test():
    text = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text()
    assert "src/geoflow/__init__.py" in text and f"tests/{Path(__file__).name}" in text and "DeprecationWarning" in text
