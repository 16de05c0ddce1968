"""Energy decreases for discrete gradients; optimisers have the rates of the theory; broken ones are caught."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.step import one_step
from geoflow.measure.optimisers import OPTIMISERS, theory
from geoflow.potentials import POTENTIALS
from geoflow.studies.contractivity.dissipation.study import gradient_problem, many, rate_bound

QUADRATIC = {"name": "quadratic", "spectrum": [1.0, 0.3, 0.1, 0.03, 0.01]}

descent = study_of("contractivity/descent")
dissipation = study_of("contractivity/dissipation")


def test_discrete_gradients_decrease_the_energy_at_every_step_and_explicit_euler_does_not() -> None:
    methods = ["explicit_euler", "implicit_euler", "average_vector_field", "gonzalez", "itoh_abe"]
    study = dissipation({"name": "total_variation", "dimension": 3}, methods, 0.2, 50.0, 4, 10, 2, 5.0, seed=1)
    for method in methods[1:]:
        assert study.summary[f"increases/{method}"] == 0
        assert study.summary[f"unsolved/{method}"] == 0
        assert study.summary[f"slowest/{method}"] < 1
    assert study.summary["increases/explicit_euler"] > 0  # negative control
    assert study.summary["above_bound"] == 0


def test_the_rate_of_implicit_euler_is_attained_on_a_quadratic() -> None:
    """Along the flattest direction V shrinks by (1 + h mu)^-2 in each step."""
    V = POTENTIALS["quadratic"](spectrum=[1.0, 0.1])
    flattest = np.linalg.eigh(V.hessian(np.zeros(2)))[1][:, :1]
    ratio = V.value(many("implicit_euler", V)(flattest, 3.0)) / V.value(flattest)
    assert ratio[0] == pytest.approx(rate_bound("implicit_euler", 3.0, V), rel=1e-12)


def test_a_gradient_with_a_wrong_factor_breaks_the_balance_of_energy() -> None:
    """V(x') - V(x) = -h |g|^2 holds for Gonzalez' g and not when the energy is another one."""
    V = POTENTIALS["log_cosh"]()
    problem = gradient_problem(V)
    x = np.array([2.0, -1.0])

    def balance(energy: float) -> float:
        changed = gradient_problem(V)
        changed.invariants["energy"] = lambda y: energy * V.value(y)  # type: ignore[index]
        z = one_step(METHODS["gonzalez"], changed)(0.0, x, 2.0)
        return float(V.value(z) - V.value(x) + np.sum((z - x) ** 2) / 2.0)

    assert problem.dimension == 2
    assert abs(balance(1.0)) < 1e-12
    assert abs(balance(1.1)) > 1e-3


def test_optimisers_have_the_rates_of_the_theory() -> None:
    study = descent([QUADRATIC], list(OPTIMISERS), 8, 600, 1.0, seed=1)
    for name in ("gradient_descent", "chebyshev", "nesterov", "heavy_ball", "conformal_verlet"):
        rate, known = (study.summary[f"{key}/quadratic/{name}"] for key in ("rate", "theory"))
        assert np.log(rate) == pytest.approx(np.log(known), rel=0.1)
    assert study.summary["heavy_ball_gap"] < 1e-12
    assert study.summary["error/quadratic/damped_explicit_euler"] > 1e3  # negative control


def test_chebyshev_with_one_long_step_beats_its_stages_of_gradient_descent() -> None:
    assert theory("chebyshev", 1e3, 20) < theory("nesterov", 1e3, 20) < theory("gradient_descent", 1e3, 20)
    assert theory("heavy_ball", 1e3, 20) < theory("chebyshev", 1e3, 20)


def test_a_potential_that_is_not_strongly_convex_is_refused() -> None:
    with pytest.raises(InputError, match="strongly convex"):
        descent([{"name": "huber"}], ["heavy_ball"], 5, 100, 1.0, 1)
    with pytest.raises(InputError, match="strongly convex"):
        dissipation({"name": "huber"}, ["implicit_euler"], 0.1, 1.0, 2, 2, 2, 1.0, 1)
