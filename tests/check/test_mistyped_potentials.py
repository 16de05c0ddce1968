"""One wrong function or constant of a potential is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from geoflow.check.potentials import check_potential
from geoflow.potentials import POTENTIALS

HUBER, LOG_COSH = POTENTIALS["huber"](), POTENTIALS["log_cosh"]()
QUADRATIC, DENOISE = POTENTIALS["quadratic"](), POTENTIALS["total_variation"]()


def gradient_with_one_sign(x):
    return LOG_COSH.gradient(x) * np.array([1.0, -1.0]).reshape(2, *[1] * (x.ndim - 1))


def hessian_with_one_entry(x):
    H = np.array(QUADRATIC.hessian(x))
    H[..., 2, 1] *= 1.01
    H[..., 1, 2] *= 1.01
    return H


MISTYPED = [
    (replace(LOG_COSH, gradient=gradient_with_one_sign),
     "the gradient is not dV/dx: component 1", "most probably the gradient is wrong, because it fits neither"),
    (replace(LOG_COSH, value=lambda x: 2 * LOG_COSH.value(x)), "most probably the value is wrong"),
    (replace(HUBER, gradient=lambda x: 1.001 * HUBER.gradient(x)), "the gradient is not dV/dx: component"),
    (replace(QUADRATIC, hessian=hessian_with_one_entry),
     "the Hessian is not the derivative of the gradient: entry [", "most probably the Hessian is wrong"),
    (replace(LOG_COSH, hessian=lambda x: -LOG_COSH.hessian(x)), "the Hessian is not the derivative of the gradient"),
    (replace(LOG_COSH, L=0.9), "L = 0.9 is too small", "L should be at least 1"),
    (replace(HUBER, L=0.99), "L = 0.99 is too small"),
    (replace(QUADRATIC, L=1.01), "L = 1.01 is not the best constant: the largest curvature that is found is 1"),
    (replace(DENOISE, L=DENOISE.L - 1), "is too small", f"L should be at least {DENOISE.L:.6g}"),
    (replace(LOG_COSH, mu=0.1), "mu = 0.1 is too large: a curvature of"),
    (replace(QUADRATIC, mu=0.07), "mu = 0.07 is too large: a curvature of 0.05 is found"),
    (replace(QUADRATIC, mu=0.04), "mu = 0.04 is not the best constant"),
    (replace(LOG_COSH, minimiser=np.array([0.3, 0.0])), "the gradient does not vanish at the minimiser"),
    (replace(DENOISE, minimiser=DENOISE.minimiser[::-1].copy()), "the gradient does not vanish at the minimiser"),
    (replace(LOG_COSH, minimiser=np.zeros(3)), "the minimiser has shape (3,), should be (2,)"),
    (replace(LOG_COSH, gradient=LOG_COSH.value), "the gradient of x of shape (2,) has shape (), should be (2,)"),
    (replace(LOG_COSH, value=lambda x: float(x[0])), "the value cannot be evaluated at x of shape (2, 5)"),
]  # fmt: skip


@pytest.mark.parametrize("case", MISTYPED, ids=[case[1] for case in MISTYPED])
def test_what_is_wrong_is_named(case):
    potential, *words = case
    said = "\n".join(row.wrong for row in check_potential(potential) if row.wrong)
    assert all(word in said for word in words), said


def test_a_concave_potential_is_called_not_convex():
    upside_down = replace(
        QUADRATIC,
        value=lambda x: -QUADRATIC.value(x),
        gradient=lambda x: -QUADRATIC.gradient(x),
        hessian=lambda x: -QUADRATIC.hessian(x),
    )
    said = "\n".join(row.wrong for row in check_potential(upside_down))
    assert "so that V is not convex" in said
    assert "V is lower by" in said
