"""One wrong function or constant of a potential is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from geoflow.check import check_entry
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


def jump(x):
    """A Huber potential whose linear branch is written with threshold / 3: V jumps by 1/6 at each kink."""
    s = HUBER.kinks.normals[: len(HUBER.kinks.normals) // 2] @ x
    return HUBER.value(x) + (abs(s) > 1).sum(axis=0) / 6


def test_a_value_that_jumps_between_two_right_branches_is_named():
    (said,) = [row.wrong for row in check_potential(replace(HUBER, value=jump)) if row.wrong]
    assert said.startswith("the value does not change by the integral of the gradient: component 0 differs by 0.16")


def test_a_mistake_within_the_narrow_zone_of_a_kink_is_named():
    """Of width 0.01 around each ramp, which none of the random points is likely to meet."""
    ramps = POTENTIALS["ramps"]()

    def value(x):
        s = ramps.kinks.normals @ x - ramps.kinks.offsets.reshape(-1, *[1] * (x.ndim - 1))
        curvature = np.clip((s / 0.01 + 1) / 2, 0, 1)
        return ramps.value(x) + (2 * 0.01**2 * (curvature**4 - curvature**3) / 3).sum(axis=0)

    said = "\n".join(row.wrong for row in check_potential(replace(ramps, value=value)))
    assert "the value does not change by the integral of the gradient" in said


def test_a_mistake_that_the_default_parameter_hides_is_found_at_another_one():
    """threshold**2 for threshold in the linear branch, equal at the default of 1."""

    def steeper(threshold=1.0):
        V = POTENTIALS["huber"](threshold=threshold)
        kinks = V.kinks.normals[: len(V.kinks.normals) // 2]

        def value(x):
            return V.value(x) + (threshold - 1) * np.maximum(abs(kinks @ x) - threshold, 0).sum(axis=0)

        return replace(V, value=value)

    assert not [row.wrong for row in check_entry("potentials", steeper()) if row.wrong]
    said = "\n".join(row.wrong for row in check_entry("potentials", steeper))
    assert "the gradient is not dV/dx" in said and "threshold = 1.03" in said
