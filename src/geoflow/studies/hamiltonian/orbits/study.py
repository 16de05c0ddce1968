"""Long runs of Kepler's problem: position, and growth of the errors (HLW I.2.3, X.3)."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators.segments import Segment, Segments
from geoflow.measure.growth import exponent, growth
from geoflow.measure.long_run import long_run
from geoflow.problems import PROBLEMS, make_problem
from geoflow.studies.hamiltonian.orbits.config import Orbits

PERIOD = 2 * np.pi

# Exponents are fitted after this number of periods and for small errors, because large errors are bounded.
SETTLED, SMALL = 10, {"energy": 0.1, "angular_momentum": 0.1, "position": 0.3}
SAMPLES = 40_000  # number of samples in a run, about one per radian or more


def study(asked: Orbits, tools: Tools) -> Answer:
    """Run each method in `segments` of whole periods, whose ends are equally spaced in log t."""
    made = make_problem(PROBLEMS, **asked.problem)
    if made.name != "kepler":
        raise InputError(f"orbits are those of problem 'kepler', got {made.name!r}.")
    periods = np.geomspace(1, asked.h * asked.steps / PERIOD, asked.segments).round()
    ends = np.unique((periods * PERIOD / asked.h).round().astype(np.int64))
    parts, errors = [], []
    summary: dict[str, float] = {}
    for name in tools.progress(asked.methods, "methods"):
        stored = tools.checkpoints / f"{name}.npz" if tools.checkpoints else None
        run = Segments(made, name, h=asked.h)
        every = max(asked.steps // SAMPLES, 1)
        rows = long_run(run, ends, _errors, every=every, monitor=1, checkpoint=stored)
        first = Segments(made, name, h=asked.h).advance(asked.shown, every=1)
        last = run.advance(run.step + asked.shown, every=1)
        parts += [_part(name, "first", first), _part(name, "last", last)]
        errors.append(frame := _frame(name, rows))
        summary |= {f"{key}/{name}": value for key, value in _said(frame).items()}
    summary |= {"steps": float(asked.steps), "time": asked.h * asked.steps, "h": asked.h}
    summary["methods"] = float(len(asked.methods))
    return Answer({"orbits": pd.concat(parts), "errors": pd.concat(errors)}, summary)


def _errors(run: Segments, segment: Segment) -> list[float]:
    """Return t, largest errors of both invariants and of the position, perihelion at the first and the last sample."""
    drifts = [segment.drift[name] / abs(run.start[i]) for i, name in enumerate(run.observed)]
    exact: Any = run.problem.exact
    distance = np.linalg.norm(segment.y[:, :2] - exact(segment.t)[:2].T, axis=1)
    angle = np.unwrap(perihelion(segment.y))
    return [run.t, *drifts, float(distance.max()), float(angle[0]), float(angle[-1])]


def perihelion(states: Floats) -> Floats:
    """Angle of the Laplace-Runge-Lenz vector (p_2 L, -p_1 L) - q/|q|, shape (samples,), from states (samples, 4).

    It is 0 on the exact orbit, since the vector points from the Sun to the perihelion.
    """
    q1, q2, p1, p2 = states.T
    L, r = q1 * p2 - q2 * p1, np.hypot(q1, q2)
    return np.arctan2(-p1 * L - q2 / r, p2 * L - q1 / r)


def _frame(name: str, rows: Floats) -> pd.DataFrame:
    t, energy, momentum, position, first, last = rows.T
    # Between consecutive samples of two segments the perihelion rotates only by a small angle.
    gaps = first - np.concatenate([[0.0], last[:-1]])
    gaps = (gaps + np.pi) % (2 * np.pi) - np.pi
    columns = {"method": name, "t": t, "energy_error": energy, "angular_momentum_error": momentum}
    turned = np.cumsum(gaps + last - first)
    return pd.DataFrame({**columns, "position_error": position, "perihelion": turned})


def _said(frame: pd.DataFrame) -> dict[str, float]:
    t, said = frame["t"].to_numpy(), {}
    for name, small in SMALL.items():
        error = frame[f"{name}_error"].to_numpy()
        said[f"{name}_error"] = float(error.max())
        r = exponent(t, error, SETTLED * PERIOD, small)
        if np.isfinite(r):
            said[f"{name}_exponent"] = r
    said["energy_growth"] = growth(frame["energy_error"].to_numpy())
    half = t >= t[-1] / 2
    slope = np.polyfit(t[half], frame["energy_error"][half], 1)[0] if half.sum() > 2 else np.nan
    said["energy_slope"] = float(slope)
    said["precession"] = float(frame["perihelion"].iloc[-1] / (t[-1] / PERIOD))
    return said


def _part(name: str, part: str, segment: Segment) -> pd.DataFrame:
    q1, q2 = segment.y[:, 0], segment.y[:, 1]
    return pd.DataFrame({"method": name, "part": part, "t": segment.t, "q1": q1, "q2": q2})
