"""What LLVM makes of a source is what Python makes of it: the language of the loops, and whole loops."""

import numpy as np
import pytest
from examples import DRIVEN, bead, suited

from geoflow.integrators import METHODS
from geoflow.integrators.compiler.loops import carry_size, loop_source
from geoflow.integrators.compiler.machine import load
from geoflow.problems import PROBLEMS


class Floats:
    """Stands for the types of parameters, which Python does not ask for."""

    def __class_getitem__(cls, shape):
        return shape


def by_python(source):
    names = {"floats": Floats, "ints": Floats}
    exec(source, names)
    return names["run"]


LOOPS = [("kepler", "stormer_verlet", False), ("kepler", "gauss_2", True), ("outer_solar_system", "radau_iia_3", True)]
LOOPS += [("fput", "lobatto_iiia_iiib_3", False), ("rigid_body", "rkmk_4", False), ("rigid_body", "kahan", False)]
LOOPS += [("kepler", name, False) for name in ("average_vector_field", "gonzalez", "itoh_abe", "projected_rk4")]
LOOPS += [("kepler", "symmetrically_projected_trapezoidal", False), ("charged_particle", "boris", False)]
LOOPS += [("fput", "hairer_lubich", False), ("kepler_with_clock", "reversible_verlet", False)]
LOOPS += [(suited(DRIVEN, METHODS[name]), name, False) for name in ("dormand_prince_5", "kahan_li_8", "rkc_2_5")]
LOOPS += [(bead(), "partitioned_euler", False)]


@pytest.mark.parametrize(
    ("problem", "method", "newton"), LOOPS, ids=[f"{p}-{m}" if isinstance(p, str) else m for p, m, _ in LOOPS]
)
def test_a_compiled_loop_takes_the_steps_that_its_source_takes_in_python(problem, method, newton):
    problem, method = PROBLEMS[problem] if isinstance(problem, str) else problem, METHODS[method]
    source, constants = loop_source(problem, method, True, newton)
    h, d, m = (problem.span[1] - problem.span[0]) / 5000, problem.dimension, len(problem.invariants)
    results = []
    for run in (load(source, "test").run, by_python(source)):
        state, carry = problem.y0.copy(), np.zeros(carry_size(problem, method))
        times, states, values, drift = np.zeros(3), np.zeros((3, d)), np.zeros((3, m)), np.zeros(m)
        start = np.array([problem.evaluate(f, 0.0, state) for f in problem.invariants.values()], dtype=float)
        outcome = run(state, 0.0, h, 0, 5, 2, 1, carry, start, times, states, values, drift, *constants.values())
        assert list(outcome)[:2] == [0, 5]
        results.append((state, carry, times, states, values))
    for one, other in zip(*results, strict=True):
        assert np.abs(one - other).max(initial=0) <= 1e-11 * max(1, np.abs(other).max(initial=0))
