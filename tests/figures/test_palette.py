"""One look for each method and network."""

import itertools

import pytest

from geoflow.figures.palette import FAMILIES, LOOKS, in_order, look
from geoflow.integrators import METHODS

# What the figures of the report draw into one panel.
TOGETHER = [
    ["explicit_euler", "implicit_euler", "implicit_midpoint", "rk45"],
    ["explicit_euler", "rk4", "symplectic_euler", "stormer_verlet", "yoshida_4", "gauss_2"],
    [
        "explicit_euler", "implicit_euler", "rk4", "symplectic_euler", "stormer_verlet",
        "implicit_midpoint",
    ],
    [
        "explicit_euler", "heun_2", "explicit_midpoint", "rk4", "implicit_midpoint",
        "implicit_euler", "trapezoidal",
    ],
    ["resnet", "non_expansive", "mlp", "symplectic"],
]  # fmt: skip


@pytest.mark.parametrize("methods", TOGETHER)
def test_lines_of_one_panel_differ_in_colour_and_in_marker(methods: list[str]) -> None:
    for one, other in itertools.combinations(methods, 2):
        assert look(one).colour != look(other).colour, (one, other)
        assert look(one).marker != look(other).marker, (one, other)


def test_no_two_listed_methods_look_alike() -> None:
    listed = [m for m in METHODS if m in LOOKS or m.rpartition("_")[0] in FAMILIES]
    looks = {(look(m).colour, look(m).marker, str(look(m).line)) for m in listed}
    assert len(listed) > 30
    assert len(looks) == len(listed)


def test_labels_are_unique_and_free_of_latex() -> None:
    labels = [look(method).label for method in METHODS]
    assert len(set(labels)) == len(labels)
    # The last six are characters that Computer Modern shows as something else.
    assert not set("".join(labels)) & set("$\\_{}<>|")


def test_solid_lines_are_the_symplectic_methods() -> None:
    from geoflow.integrators.families import Splitting

    for name, method in METHODS.items():
        if name in LOOKS and (isinstance(method, Splitting) or name.startswith("gauss")):
            assert look(name).line == "-", name
    assert look("rk4").line != "-"


def test_an_unknown_method_gets_a_look_that_depends_on_its_name_alone() -> None:
    assert look("my_method") == look("my_method")
    assert look("my_method").label == "my method"
    assert look("gauss_11").label == "Gauss 11"


def test_the_order_of_legends_does_not_depend_on_the_order_of_rows() -> None:
    names = ["unheard_of", "gauss_10", "rk4", "gauss_2", "explicit_euler", "rk4"]
    expected = ["explicit_euler", "rk4", "gauss_2", "gauss_10", "unheard_of"]
    assert in_order(names) == in_order(reversed(names)) == expected
