"""Hamiltonian runs: what a method does to the orbits, the invariants and the area of phase space."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.problems.outer_solar_system import BODIES, MASSES
from geoflow.registry import lookup

Floats = NDArray[np.float64]


def oscillator(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    steps: int,
    adaptive_tolerance: float = 1e-2,
    progress: Progress = no_progress,
) -> Study:
    """The course's first figure: fixed-step methods beside SciPy's RK45 with absolute tolerance `adaptive_tolerance`.

    Table `states` (method, t, q, p, energy_error) with energy_error = |H - H_0|; summary energy_error/<method>, the
    largest, and final_energy/<method>.
    """
    made = make_problem(PROBLEMS, **problem)
    frames, summary = [], {}
    for name in progress([*methods, "rk45"], "methods"):
        if name == "rk45":
            t, y = _adaptive(made, h * steps, adaptive_tolerance)
        else:
            run = integrate(made, name, h=h, steps=steps)
            t, y = run.t, run.y
        H = np.array([made.evaluate(made.invariants["energy"], 0.0, state) for state in y])
        error = np.abs(H - H[0])
        frames.append(
            pd.DataFrame(
                {"method": name, "t": t, "q": y[:, 0], "p": y[:, 1], "energy_error": error}
            )
        )
        summary[f"energy_error/{name}"] = float(error.max())
        summary[f"final_energy/{name}"] = float(H[-1])
        summary[f"steps/{name}"] = float(len(t) - 1)
    return Study({"states": pd.concat(frames)}, summary)


def _adaptive(problem: Problem, end: float, tolerance: float) -> tuple[Floats, Floats]:
    from scipy.integrate import solve_ivp

    solution = solve_ivp(
        problem.vector_field, (0.0, end), problem.y0, method="RK45", atol=tolerance
    )
    return solution.t, solution.y.T


def orbits(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    steps: int,
    every: int,
    shown: int,
    progress: Progress = no_progress,
) -> Study:
    """Long runs of a planar problem with the invariants energy and angular_momentum.

    Tables `orbits` (method, part, t, q1, q2): the `first` and the `last` `shown` steps; `errors` (method, t,
    energy_error, angular_momentum_error): relative, every `every`-th step. Summary, for each invariant: the largest
    relative error over all steps, `<invariant>_error/<method>`; for the energy also its growth, the largest error in
    the last tenth of the run over that in the first tenth (1 when bounded, 10 for a linear drift), and its slope per
    unit of time by least squares.
    """
    made = make_problem(PROBLEMS, **problem)
    pieces, errors, summary = [], [], {}
    for name in progress(methods, "methods"):
        method = lookup(METHODS, name)
        run = integrate(made, method, h=h, steps=steps, every=every)
        first = integrate(made, method, h=h, steps=shown, invariants=False)
        last = integrate(made, method, h=h, steps=shown, invariants=False, y0=run.final)
        pieces += [_piece(name, "first", first), _piece(name, "last", last)]
        frame = pd.DataFrame({"method": name, "t": run.t})
        for invariant in made.invariants:
            frame[f"{invariant}_error"] = run.relative_error(invariant)
            scale = abs(float(run.invariants[invariant][0]))
            summary[f"{invariant}_error/{name}"] = run.drift[invariant] / scale
        errors.append(frame)
        summary[f"energy_growth/{name}"] = growth(frame["energy_error"].to_numpy())
        summary[f"energy_slope/{name}"] = float(np.polyfit(run.t, frame["energy_error"], 1)[0])
    summary["steps"], summary["time"], summary["h"] = float(steps), h * steps, h
    return Study({"orbits": pd.concat(pieces), "errors": pd.concat(errors)}, summary)


def growth(error: Floats) -> float:
    """Largest error in the last tenth of a run over the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    return float(error[-tenth:].max() / error[: tenth + 1].max())


def _piece(name: str, part: str, run: Trajectory) -> pd.DataFrame:
    return pd.DataFrame(
        {"method": name, "part": part, "t": run.t, "q1": run.y[:, 0], "q2": run.y[:, 1]}
    )


def area(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    steps: int,
    every: int,
    centre: Sequence[float],
    radius: float,
    points: int,
    progress: Progress = no_progress,
) -> Study:
    """A disc of initial states carried along: a method is symplectic when its area stays (HLW VI.2).

    Tables `outlines` (method, time, point, q, p): the carried circle, `points` corners, every `every` steps; `areas`
    (method, time, area_ratio): area of the polygon over that at the start. Summary: area_error/<method>, the largest
    |ratio - 1|, and area_ratio/<method>, the last ratio.
    """
    made = make_problem(PROBLEMS, **problem)
    if made.dimension != 2:
        raise InputError(
            f"an area needs a problem of dimension 2, {made.name!r} has {made.dimension}."
        )
    angle = 2 * np.pi * np.arange(points) / points
    circle = np.array(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    outlines, areas, summary = [], [], {}
    for name in progress(methods, "methods"):
        runs = [
            integrate(made, name, h=h, steps=steps, every=every, invariants=False, y0=corner)
            for corner in circle
        ]
        states = np.stack([run.y for run in runs], axis=1)  # (samples, points, 2)
        times = runs[0].t
        ratio = np.array([polygon_area(polygon) for polygon in states]) / polygon_area(circle)
        samples = len(times)
        outlines.append(
            pd.DataFrame(
                {
                    "method": name,
                    "time": np.repeat(times, points),
                    "point": np.tile(np.arange(points), samples),
                    "q": states[:, :, 0].ravel(),
                    "p": states[:, :, 1].ravel(),
                }
            )
        )
        areas.append(pd.DataFrame({"method": name, "time": times, "area_ratio": ratio}))
        summary[f"area_error/{name}"] = float(np.abs(ratio - 1).max())
        summary[f"area_ratio/{name}"] = float(ratio[-1])
    return Study({"outlines": pd.concat(outlines), "areas": pd.concat(areas)}, summary)


def polygon_area(corners: Floats) -> float:
    """Area inside a closed polygon of corners (n, 2), positive when it is run through anticlockwise."""
    x, y = corners.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def planets(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: Sequence[float],
    time: float,
    samples: int,
    progress: Progress = no_progress,
) -> Study:
    """The outer solar system by several methods, each with its own step `h` (days), over `time` days.

    Tables `orbits` (method, body, t, x, y, z): positions relative to the Sun; `errors` (method, t, energy_error,
    angular_momentum_error): relative. Summary: energy_error/<method>, angular_momentum_error/<method>, and
    position_error/<method>, the largest distance of a body from its place by SciPy's DOP853 at the end (AU); h/<method>
    and end/<method>, the day at which a run stops because its stage equations have no solution within reach.
    """
    if len(h) != len(methods):
        raise InputError(f"expected one h for each of {len(methods)} methods, got {len(h)}.")
    made = make_problem(PROBLEMS, **problem)
    truth = _heliocentric(_final_state(made, time)[None, :])[0]
    tables: dict[str, list[pd.DataFrame]] = {"orbits": [], "errors": []}
    summary: dict[str, float] = {}
    for name, step_size in progress(list(zip(methods, h, strict=True)), "methods"):
        steps = round(time / step_size)
        run = _as_far_as_it_goes(made, name, step_size, steps, max(steps // samples, 1))
        positions = _heliocentric(run.y)
        tables["orbits"].append(_orbits_frame(name, run.t, positions))
        energy = run.relative_error("energy")
        L = np.stack([run.invariants[f"angular_momentum_{axis}"] for axis in "xyz"], axis=1)
        momentum = np.linalg.norm(L - L[0], axis=1) / np.linalg.norm(L[0])
        tables["errors"].append(
            pd.DataFrame(
                {
                    "method": name,
                    "t": run.t,
                    "energy_error": energy,
                    "angular_momentum_error": momentum,
                }
            )
        )
        if run.steps == steps:
            final = _heliocentric(run.final[None, :])[0]
            summary[f"position_error/{name}"] = float(np.linalg.norm(final - truth, axis=1).max())
        summary[f"energy_error/{name}"] = float(energy.max())
        summary[f"energy_growth/{name}"] = growth(energy)
        summary[f"angular_momentum_error/{name}"] = float(momentum.max())
        summary[f"h/{name}"], summary[f"end/{name}"] = float(step_size), run.steps * step_size
    summary["time"] = time
    units = {"t": "day", "x": "AU", "y": "AU", "z": "AU"}
    return Study({name: pd.concat(frames) for name, frames in tables.items()}, summary, units)


def _as_far_as_it_goes(problem: Problem, name: str, h: float, steps: int, every: int) -> Trajectory:
    """The run, or its part before the step whose stages could not be solved (a planet falls into the Sun)."""
    try:
        return integrate(problem, name, h=h, steps=steps, every=every)
    except SolveError as stopped:
        if not stopped.step:
            raise
        return integrate(problem, name, h=h, steps=stopped.step, every=every)


def _heliocentric(states: Floats) -> Floats:
    """Positions (samples, bodies, 3) relative to the Sun, from states (samples, 6 bodies)."""
    n = len(MASSES)
    q = states[:, : 3 * n].reshape(-1, n, 3)
    return q - q[:, :1]


def _orbits_frame(name: str, t: Floats, positions: Floats) -> pd.DataFrame:
    n = len(BODIES)
    return pd.DataFrame(
        {
            "method": name,
            "body": np.tile(np.array(BODIES), len(t)),
            "t": np.repeat(t, n),
            **{axis: positions[:, :, k].ravel() for k, axis in enumerate("xyz")},
        }
    )


def _final_state(problem: Problem, time: float) -> Floats:
    """The state at `time` by SciPy's DOP853, an integrator that shares no line with ours."""
    from scipy.integrate import solve_ivp

    solution = solve_ivp(
        problem.vector_field, (0.0, time), problem.y0, method="DOP853", rtol=1e-12, atol=1e-15
    )
    if not solution.success:
        raise SolveError(f"the reference of {problem.name!r} was not computed: {solution.message}")
    return np.asarray(solution.y[:, -1])
