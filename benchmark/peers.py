"""Comparison with other installed packages: milliseconds for the same accuracy."""

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmark.measure import Row, interleaved
from geoflow import PROBLEMS, integrate

KEPLER = PROBLEMS["kepler"]
END = 200 * np.pi  # a hundred revolutions
OURS = "gauss_4"


def scipy_dop853(tolerance: float) -> Any:
    from scipy.integrate import solve_ivp

    def field(_t: float, y: Any) -> Any:
        x1, x2, v1, v2 = y
        r3 = (x1 * x1 + x2 * x2) ** 1.5
        return v1, v2, -x1 / r3, -x2 / r3

    done = solve_ivp(field, (0, END), KEPLER.y0, "DOP853", rtol=tolerance, atol=1e-14)
    return done.y[:, -1]


def heyoka_taylor(tolerance: float) -> Any:
    """Adaptive Taylor integrator, compiled by LLVM; its construction is not timed."""
    taylor = _made_by_heyoka(tolerance)
    taylor.time, taylor.state[:] = 0.0, KEPLER.y0
    taylor.propagate_until(END)
    return taylor.state.copy()


_made: dict[float, Any] = {}


def _made_by_heyoka(tolerance: float) -> Any:
    import heyoka as hy

    if tolerance not in _made:
        x, y, u, v = hy.make_vars("x", "y", "u", "v")
        r3 = (x * x + y * y) ** 1.5
        equations = [(x, u), (y, v), (u, -x / r3), (v, -y / r3)]
        _made[tolerance] = hy.taylor_adaptive(equations, KEPLER.y0.tolist(), tol=tolerance)
    return _made[tolerance]


PEERS: dict[str, tuple[str, Callable[[float], Any]]] = {
    "SciPy DOP853": ("scipy", scipy_dop853),
    "heyoka": ("heyoka", heyoka_taylor),
}


def same_accuracy() -> Iterator[Row]:
    """Kepler's problem, e = 0.6, 100 revolutions; geoflow's h is halved until it is at least as accurate."""
    assert KEPLER.exact is not None
    exact = KEPLER.exact(END)
    for name, (package, peer) in PEERS.items():
        if importlib.util.find_spec(package) is None:
            print(f"{name} is not installed and left out.")
            continue
        error = np.abs(peer(1e-10) - exact).max()
        steps = 100 * 32
        while np.abs(_ours(steps) - exact).max() > error and steps < 1e7:
            steps *= 2
        took = interleaved({"ours": lambda n=steps: _ours(n), "peer": lambda f=peer: f(1e-10)}, 5)
        yield Row(
            f"to the accuracy of {name}", "kepler", OURS, took["ours"] * 1e3, took["peer"] * 1e3, "ms",
            note=f"error {error:.0e}, {steps} steps",
        )  # fmt: skip


def _ours(steps: int) -> Any:
    return integrate(KEPLER, OURS, h=END / steps, steps=steps, every=steps, invariants=False).final
