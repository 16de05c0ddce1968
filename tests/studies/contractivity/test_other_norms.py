"""Logarithmic norms by hand, and steps in l1 and l-infinity within C h_FE."""

import numpy as np
import pytest

from asking import study_of
from geoflow.studies.contractivity.norms.study import NORMS, logarithmic_norm

MATRIX = np.array([[[-3.0, 1.0], [-2.0, 0.5]]])

norms = study_of("contractivity/norms")


@pytest.mark.parametrize(("norm", "by_hand"), [("linf", 2.5), ("l1", 1.5), ("l2", -1.25 + np.sqrt(1.75**2 + 0.5**2))])
def test_the_logarithmic_norm_by_hand(norm: str, by_hand: float) -> None:
    """Rows -3 + 1, 0.5 + 2; columns -3 + 2, 0.5 + 1; the symmetric part [[-3, -0.5], [-0.5, 0.5]]."""
    assert logarithmic_norm(MATRIX, norm)[0] == pytest.approx(by_hand)


@pytest.mark.parametrize("norm", list(NORMS))
def test_the_logarithmic_norm_is_the_limit_of_its_quotient(norm: str) -> None:
    M = np.random.default_rng(1).standard_normal((50, 4, 4))
    h = 1e-7
    quotient = (NORMS[norm](np.eye(4) + h * M) - 1) / h
    np.testing.assert_allclose(logarithmic_norm(M, norm), quotient, atol=1e-5)


def test_b_stability_does_not_help_in_other_norms_and_absolute_monotonicity_does() -> None:
    diffusion = {"name": "softplus_network", "dimension": 6, "weights": "differences", "leak": 0.0}
    random = {"name": "softplus_network", "dimension": 3, "leak": 0.0}
    fields = [
        {"label": "diffusion", "potential": diffusion, "skew": 0.0},
        {"label": "random", "potential": random, "skew": 0.0},
    ]
    study = norms(fields, ["ssprk_3_3", "gauss_2", "implicit_euler"], 0.1, 20.0, 6, 60, seed=1)
    assert study.summary["violations"] == 0
    assert study.summary["quotient_gap"] < 1e-6
    assert study.summary["mu/diffusion/linf"] <= 1e-12
    assert study.summary["bound/diffusion/linf/ssprk_3_3"] == pytest.approx(1.8855, abs=1e-3)
    assert study.summary["worst/diffusion/linf/gauss_2"] > 1.01  # negative control
    assert study.summary["worst/diffusion/l2/gauss_2"] <= 1 + 1e-8
    assert study.summary["worst/diffusion/linf/implicit_euler"] <= 1 + 1e-8
    assert study.summary["mu/random/linf"] > 0.1  # the flow itself expands
    assert study.summary["bound/random/linf/ssprk_3_3"] == 0
