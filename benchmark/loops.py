"""Compiled loops compared with the same loops in C; cost of invariants, samples and compensated sums."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmark import native
from benchmark.measure import Row, interleaved
from geoflow import PROBLEMS, integrate, prepare
from geoflow.problems import Problem

# name of the header -> problem, step size, approximate time of a Verlet step in seconds
PROBLEM: dict[str, tuple[Problem, float, float]] = {
    "kepler": (PROBLEMS["kepler"], 0.01, 15e-9),
    "outer_solar_system": (PROBLEMS["outer_solar_system"], 10.0, 100e-9),
    "fput": (PROBLEMS["fput"](m=64), 0.001, 150e-9),
}
# method -> approximate cost of a step in Verlet steps; largest allowed ratio to C for d <= 4 and for arrays
METHOD: dict[str, tuple[float, float, float]] = {
    "stormer_verlet": (1, 1.1, 1.2),
    "yoshida_4": (3, 1.1, 1.2),
    "rk4": (3, 1.1, 1.35),
    "implicit_midpoint": (12, 1.15, 1.15),
    "gauss_2": (20, 1.15, 1.15),
    "gauss_2_newton": (40, 1.25, float("nan")),
}
# For FPUT, Newton's method would factorise a matrix with 256 rows at every step.
REPEATED = 100  # calls per timed run, because a single one is too short to measure
CASES = [(n, m) for n in PROBLEM for m in METHOD if (n, m) != ("fput", "gauss_2_newton")]


def solved_by(method: str) -> tuple[str, str]:
    """Return the method and the solver of its stages: `gauss_2_newton` is `gauss_2` with Newton's method."""
    base = method.removesuffix("_newton")
    return base, "fixed_point" if base == method else "newton"


def steps_for(name: str, method: str, seconds: float) -> int:
    return max(int(seconds / PROBLEM[name][2] / METHOD[method][0]), 100)


def beside_c(seconds: float) -> Iterator[Row]:
    for name, method in CASES:
        problem, h, _ = PROBLEM[name]
        base, solver = solved_by(method)
        steps = steps_for(name, method, seconds)
        bare = {"h": h, "steps": steps, "every": steps, "invariants": False}
        ours = partial(integrate, problem, base, solver=solver, **bare)
        c = partial(native.run, name, method, problem.y0, h, steps, steps)
        took = interleaved({"ours": ours, "c": c})
        iterations, in_c = ours().iterations / steps, c()[1] / steps
        yield Row(
            "compiled loop / C",
            name,
            method,
            took["ours"] / steps * 1e9,
            took["c"] / steps * 1e9,
            "ns a step",
            METHOD[method][1 if problem.dimension <= 4 else 2],
            f"iterations per step {iterations:.3f}, in C {in_c:.3f}" if iterations else "",
        )


def with_options(seconds: float) -> Iterator[Row]:
    """Compare each option of `integrate` with the bare loop."""
    options = {
        "invariants and every 1000th state / none": ({"every": 1000, "invariants": True}, 1.05),
        "invariants at every step / none": ({"monitor": 1, "invariants": True}, float("nan")),
        "compensated sums / plain": ({"compensated": True}, float("nan")),
    }
    for name in PROBLEM:
        problem, h, _ = PROBLEM[name]
        for method in ("stormer_verlet", "rk4", "gauss_2"):
            steps = steps_for(name, method, seconds)
            bare = {"h": h, "steps": steps, "every": steps, "invariants": False}
            runs = {"bare": partial(integrate, problem, method, **bare)} | {
                label: partial(integrate, problem, method, **{**bare, **more}) for label, (more, _) in options.items()
            }
            took = interleaved(runs)
            for label, (_, target) in options.items():
                ours, other = (took[key] / steps * 1e9 for key in (label, "bare"))
                yield Row(label, name, method, ours, other, "ns a step", target)


def fixed_cost() -> Iterator[Row]:
    """Measure the overhead of a call besides its steps: of `integrate`, with invariants, and of a prepared loop."""
    for name, (problem, h, _) in PROBLEM.items():
        stepper = prepare(problem, "stormer_verlet")
        once = partial(integrate, problem, "stormer_verlet", h=h, steps=1)
        calls = {"integrate": once, "prepared": partial(stepper, problem.y0, h, 1)}
        took = interleaved({key: partial(_repeat, call) for key, call in calls.items()})
        for key, limit in (("integrate", 1000.0), ("prepared", 20.0)):  # us
            label = f"a call of one step, {key} / {limit:g} us"
            yield Row(label, name, "stormer_verlet", took[key] / REPEATED * 1e6, limit, "us", 1.0)


def _repeat(call: Callable[[], object]) -> None:
    for _ in range(REPEATED):
        call()
