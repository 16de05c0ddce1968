"""Derived structure: families by theorem, reducible tableaus."""

import json
import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest

from geoflow.integrators import METHODS, RungeKutta, Splitting, adjoint, compose
from geoflow.integrators.families import implicit_rk
from geoflow.theory.radii import algebraically_stable, contractivity_radius, ssp_coefficient
from geoflow.theory.reduction import WORKING_DIGITS, irreducible
from geoflow.theory.structure import (
    conjugate_symplectic,
    partitioned_symmetric,
    partitioned_symplectic,
    properties,
    same_up_to_order,
    symmetric,
    symplectic,
)


def equivalent(first: RungeKutta, second: RungeKutta) -> bool:
    with mpmath.workdps(WORKING_DIGITS):
        return same_up_to_order(irreducible(first), irreducible(second))


RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}
SPLITTINGS = [name for name, m in METHODS.items() if isinstance(m, Splitting)]
KEYS = [
    "order",
    "stages",
    "explicit",
    "symmetric",
    "symplectic",
    "a_stable",
    "l_stable",
    "algebraically_stable",
    "contractivity_radius",
    "ssp_coefficient",
    "real_stability_interval",
    "imaginary_stability_interval",
    "reference",
]
half = Fraction(1, 2)


def family(name: str) -> list[str]:
    return [member for member in RUNGE_KUTTA if member.startswith(name)]


@pytest.mark.parametrize("name", list(METHODS))
def test_every_method_has_exactly_the_promised_properties(name: str) -> None:
    found = properties(METHODS[name])
    assert list(found) == KEYS
    json.dumps(found)
    only_runge_kutta = KEYS[5:11]
    assert all((found[key] is None) == (name not in RUNGE_KUTTA) for key in only_runge_kutta)


def test_the_properties_of_gauss_and_of_the_classical_method_are_those_of_the_textbook() -> None:
    gauss, classical = properties(METHODS["gauss_2"]), properties(METHODS["rk4"])
    assert [gauss[key] for key in KEYS[:8]] == [4, 2, False, True, True, True, False, True]
    assert [classical[key] for key in KEYS[:8]] == [4, 4, True, False, False, False, False, False]
    assert [classical[key] for key in KEYS[8:12]] == pytest.approx([1, 0, 2.785293563405, 2 * math.sqrt(2)])


@pytest.mark.parametrize("name", family("gauss"))
def test_gauss_methods_are_symplectic_symmetric_and_b_stable(name: str) -> None:
    method = METHODS[name]
    assert symplectic(method)
    assert symmetric(method)
    assert algebraically_stable(method)
    assert contractivity_radius(method) == math.inf


@pytest.mark.parametrize("name", [*family("radau"), *family("lobatto_iiic"), "implicit_euler"])
def test_radau_and_lobatto_iiic_are_b_stable_but_not_symplectic(name: str) -> None:
    assert algebraically_stable(METHODS[name])
    assert not symplectic(METHODS[name])


@pytest.mark.parametrize("name", [*family("lobatto_iiia"), *family("lobatto_iiib"), "trapezoidal"])
def test_lobatto_iiia_and_iiib_are_symmetric_but_not_b_stable(name: str) -> None:
    assert symmetric(METHODS[name])
    assert not symplectic(METHODS[name])
    assert not algebraically_stable(METHODS[name])


@pytest.mark.parametrize("name", family("lobatto_iiid"))
def test_lobatto_iiid_is_symplectic(name: str) -> None:
    assert symplectic(METHODS[name])


@pytest.mark.parametrize("name", [n for n, m in RUNGE_KUTTA.items() if m.explicit])
def test_no_explicit_runge_kutta_method_is_symplectic_symmetric_or_b_stable(name: str) -> None:
    method = METHODS[name]
    assert not symplectic(method)
    assert not symmetric(method)
    assert not algebraically_stable(method)


@pytest.mark.parametrize("name", SPLITTINGS)
def test_splittings_are_symplectic_and_symmetric_when_they_read_the_same_backwards(name: str) -> None:
    assert symplectic(METHODS[name])
    assert symmetric(METHODS[name]) == ("euler" not in name and "lie_trotter" not in name)


@pytest.mark.parametrize("name", list(METHODS))
def test_symmetric_methods_have_even_order(name: str) -> None:
    assert METHODS[name].order % 2 == 0 or not symmetric(METHODS[name])


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
def test_methods_of_the_table_are_irreducible(name: str) -> None:
    assert irreducible(RUNGE_KUTTA[name]).stages == RUNGE_KUTTA[name].stages


def test_a_stage_that_never_matters_is_dropped() -> None:
    """DJ-reducible: implicit Euler with an idle second stage is as B-stable as implicit Euler."""
    method = implicit_rk([[1, 0], [half, -3]], [1, 0], [1, -half], 1, "")
    assert irreducible(method).stages == 1
    assert algebraically_stable(method)
    assert equivalent(method, METHODS["implicit_euler"])


def test_equal_stages_are_merged() -> None:
    """HS-reducible: twice the midpoint stage, with weights 2 and -1, is the midpoint rule."""
    method = implicit_rk([[1, -half], [-half, 1]], [2, -1], [half, half], 2, "")
    assert min(method.b) < 0
    assert irreducible(method).stages == 1
    assert equivalent(method, METHODS["implicit_midpoint"])
    assert symplectic(method)
    assert algebraically_stable(method)


def test_merging_may_leave_an_idle_stage_that_is_dropped_then() -> None:
    """Two equal stages whose weights cancel."""
    method = implicit_rk([[1, 0, 0], [0, -half, -half], [0, -1, 0]], [1, 2, -2], [1, -1, -1], 1, "")
    assert equivalent(method, METHODS["implicit_euler"])


def test_stages_at_one_time_are_told_apart_by_what_they_see() -> None:
    """Gauss with two equal nodes, which are no row sums: both stages matter, and it is symplectic still."""
    gauss = METHODS["gauss_2"]
    assert isinstance(gauss, RungeKutta)
    method = replace(gauss, c=(half, half))
    assert irreducible(method).stages == 2
    assert symplectic(method)


def test_a_weight_that_is_zero_in_an_irreducible_method_leaves_no_radius() -> None:
    """Explicit midpoint: its first stage has no weight but feeds the second."""
    assert irreducible(METHODS["explicit_midpoint"]).stages == 2  # type: ignore[arg-type]
    assert contractivity_radius(METHODS["explicit_midpoint"]) == 0


@pytest.mark.parametrize(("one", "other"), [("gauss_1", "implicit_midpoint"), ("heun_2", "ssprk_2_2")])
def test_equal_methods_under_two_names_are_equivalent(one: str, other: str) -> None:
    assert equivalent(METHODS[one], METHODS[other])  # type: ignore[arg-type]


def test_different_methods_are_not_equivalent() -> None:
    assert not equivalent(METHODS["heun_2"], METHODS["ralston_2"])  # type: ignore[arg-type]
    assert not equivalent(METHODS["radau_ia_2"], METHODS["radau_iia_2"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["explicit_euler", "implicit_euler", "heun_2"])
def test_a_method_after_its_adjoint_is_symmetric(name: str) -> None:
    method = METHODS[name]
    both = compose_two(method, adjoint(method))  # type: ignore[arg-type]
    assert symmetric(both)


def compose_two(first: RungeKutta, second: RungeKutta) -> RungeKutta:
    """Half a step of one, then half a step of the other."""
    s = first.stages
    A = [[a * half for a in row] + [0] * second.stages for row in first.A]
    A += [[b * half for b in first.b] + [a * half for a in row] for row in second.A]
    b = [x * half for x in (*first.b, *second.b)]
    c = [x * half for x in first.c] + [half + x * half for x in second.c]
    assert len(A) == s + second.stages
    return implicit_rk(A, b, c, 2, "")


def test_two_half_steps_have_twice_the_radius() -> None:
    twice = compose(METHODS["heun_2"], [half, half], order=2, reference="")
    assert contractivity_radius(twice) == pytest.approx(2, abs=1e-12)
    assert ssp_coefficient(twice) == 2


def test_the_trapezoidal_rule_is_conjugate_to_the_midpoint_rule() -> None:
    assert not symplectic(METHODS["trapezoidal"])
    assert conjugate_symplectic(METHODS["trapezoidal"])
    assert conjugate_symplectic(METHODS["lobatto_iiia_2"])  # the same method


def test_two_half_steps_of_the_trapezoidal_rule_are_conjugate_to_two_of_the_midpoint_rule() -> None:
    """Three stages, of which the first or the last goes to the other end."""
    twice = compose(METHODS["trapezoidal"], [half, half], order=2, reference="")
    assert not symplectic(twice)
    assert conjugate_symplectic(twice)


@pytest.mark.parametrize("name", ["rk4", "implicit_euler", "radau_iia_2", "lobatto_iiic_3"])
def test_a_method_that_damps_the_oscillator_is_conjugate_to_no_symplectic_one(name: str) -> None:
    assert conjugate_symplectic(METHODS[name]) is False


@pytest.mark.parametrize("name", ["lobatto_iiia_3", "lobatto_iiib_3"])
def test_what_is_not_known_is_not_said(name: str) -> None:
    assert conjugate_symplectic(METHODS[name]) is None


@pytest.mark.parametrize("stages", [2, 3, 4])
def test_the_lobatto_pair_is_symplectic_and_symmetric(stages: int) -> None:
    q, p = METHODS[f"lobatto_iiia_{stages}"], METHODS[f"lobatto_iiib_{stages}"]
    assert isinstance(q, RungeKutta) and isinstance(p, RungeKutta)
    assert partitioned_symplectic(q.A, q.b, p.A, p.b)
    assert partitioned_symmetric(q.A, q.b, p.A, p.b)
    assert not partitioned_symplectic(q.A, q.b, q.A, q.b)


@pytest.mark.parametrize("stages", [2, 3, 4])
def test_a_pair_is_symmetric_only_if_its_nodes_are(stages: int) -> None:
    pair = METHODS[f"lobatto_iiia_iiib_{stages}"]
    assert symmetric(pair)
    assert not symmetric(replace(pair, c=(Fraction(1, 10), *pair.c[1:])))  # type: ignore[attr-defined]


def test_symplectic_euler_as_a_pair_is_symplectic_and_not_symmetric() -> None:
    assert partitioned_symplectic([[1]], [1], [[0]], [1])
    assert not partitioned_symmetric([[1]], [1], [[0]], [1])


def test_different_weights_are_symplectic_for_separable_problems_only() -> None:
    """Strang: drift 1/2, kick 1, drift 1/2, as a pair of two stages."""
    A, A_hat = [[half, 0], [half, half]], [[0, 0], [1, 0]]
    assert partitioned_symplectic(A, [half, half], A_hat, [1, 0], separable=True)
    assert not partitioned_symplectic(A, [half, half], A_hat, [1, 0])
