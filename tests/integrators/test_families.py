"""What a family states of its methods is what its loops do."""

import pytest
from examples import AUTONOMOUS, FREE, suited

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, Formula, adjoint, compose
from geoflow.integrators.compiler.loops import loop_source
from geoflow.integrators.section import crossings


@pytest.mark.parametrize("name", METHODS)
def test_a_method_whose_step_can_fail_has_a_loop_that_returns_early(name):
    method = METHODS[name]
    problem = suited((*AUTONOMOUS, *FREE), method)
    if problem is None:
        pytest.skip("a splitting into four parts")
    source, _ = loop_source(problem, method, observe=False)
    assert method.can_fail == ("return 2, n, iterations" in source)
    assert method.iterates == ("for iteration in range" in source.partition("def run(")[2])


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if isinstance(m, Formula)])
def test_a_formula_is_neither_reversed_nor_composed_as_data(name):
    with pytest.raises(InputError, match=f"the adjoint of '{name}'"):
        adjoint(METHODS[name])
    with pytest.raises(InputError, match=f"'{name}' is not among the methods that can be composed"):
        compose(METHODS[name], [0.5, 0.5], 1, "HLW")


@pytest.mark.parametrize("name", ["gauss_2", "symmetrically_projected_trapezoidal"])
def test_crossings_are_refused_to_a_step_that_can_fail(name):
    with pytest.raises(InputError, match="crossings need an explicit Runge-Kutta method or a spl"):
        crossings("henon_heiles", name, [[0.1, 0.1, 0.1, 0.1]], h=0.1, count=1)
