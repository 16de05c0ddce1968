"""Round-off over long times: Brouwer's law and its violations (HLW VIII.5, VIII.6; Brouwer1937)."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.segments import Segments
from geoflow.measure.growth import RESAMPLED, growth_of
from geoflow.measure.keyed import long_form
from geoflow.measure.long_run import logarithmic, long_run
from geoflow.measure.rounded_coefficients import angular_momentum_drift
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.round_off.config import RoundOff
from geoflow.theory.modified_hamiltonian import hamiltonian_series, truncated
from geoflow.theory.poisson import ALGEBRAS

QUANTITIES = ("energy", "angular_momentum")


FIRST = 1000  # first evaluated step number; before it an error is a few units in the last place


def study(asked: RoundOff, tools: Tools) -> Answer:
    """Measure the effect of round-off on the invariants of Kepler's problem over an ensemble of initial states.

    The states belong to one orbit, with random phases and randomly rotated axes, so that all runs would have the same
    errors in exact arithmetic. Each method has the variants plain, compensated and, if it is implicit, stopped: the
    iteration of the stages ends if they change by less than `tolerance`, instead of at stagnation. The energy is
    H_[N] of `modified_hamiltonian`, N = `terms`, which is preserved up to round-off even if H is not; N = 1 is H.
    Errors are evaluated at about ten times per decade.
    """
    made = make_problem(PROBLEMS, **asked.problem)
    if made.name != "kepler":
        raise InputError(f"round_off is about problem 'kepler', got {made.name!r}.")
    rng = np.random.default_rng(asked.seed)
    starts = np.array([_turned(made, *rng.uniform(0, 2 * np.pi, 2)) for _ in range(asked.members)])
    ends = logarithmic(asked.steps, round(10 * np.log10(asked.steps / FIRST)) + 1, min(FIRST, asked.steps))
    weights = rng.multinomial(asked.members, np.full(asked.members, 1 / asked.members), RESAMPLED) / asked.members
    runs = [
        (one.method, one.h, one.terms, variant)
        for one in asked.runs
        for variant in _variants(one.method, asked.tolerance)
    ]
    tables: dict[str, list[pd.DataFrame]] = {"members": [], "errors": []}
    summary: dict[str, float] = {"steps": asked.steps, "members": asked.members, "tolerance": asked.tolerance}
    for name, step_size, N, variant in tools.progress(runs, "runs"):
        states = []
        for member, y0 in enumerate(starts):
            options = _variants(name, asked.tolerance)[variant]
            run = Segments(made, name, h=step_size, y0=y0, invariants=False, **options)
            stored = tools.checkpoints / f"{name}-{step_size!r}-{variant}-{member}.npz" if tools.checkpoints else None
            states.append(long_run(run, ends, lambda run, _: run.y, checkpoint=stored))
        errors = _errors(made, name, N, step_size, starts, np.array(states))
        signed = {f"{quantity}_error": error for quantity, error in errors.items()}
        members = long_form({"member": range(asked.members), "steps": ends}, **signed)
        tables["members"].append(members.assign(method=name, variant=variant))
        for quantity, error in errors.items():
            key = f"{name}/{variant}"
            rms = np.sqrt((error**2).mean(axis=0))
            rows = {"method": name, "variant": variant, "quantity": quantity}
            tables["errors"].append(pd.DataFrame({**rows, "steps": ends, "rms": rms}))
            facts = growth_of(ends, error, weights)
            summary |= {f"{quantity}_{fact}/{key}": value for fact, value in facts.items()}
    for one in asked.runs:
        if (method := METHODS[one.method].tableau) is not None:
            summary[f"coefficient_drift/{one.method}"] = angular_momentum_drift(made, method, one.h)
    for quantity in QUANTITIES:
        for name in (one.method for one in asked.runs):
            plain, better = (summary[f"{quantity}_rms/{name}/{v}"] for v in ("plain", "compensated"))
            summary[f"{quantity}_gain/{name}"] = plain / better
    return Answer({name: pd.concat(frames) for name, frames in tables.items()}, summary)


def _variants(name: str, tolerance: float) -> dict[str, dict[str, Any]]:
    variants: dict[str, dict[str, Any]] = {"plain": {}, "compensated": {"compensated": True}}
    if not METHODS[name].explicit:
        variants["stopped"] = {"tolerance": tolerance}
    return variants


def _turned(problem: Problem, phase: float, angle: float) -> Floats:
    """State of the exact orbit at t = phase, in rotated axes."""
    assert problem.exact is not None
    c, s = np.cos(angle), np.sin(angle)
    turned: Floats = problem.exact(phase).reshape(2, 2) @ np.array([[c, s], [-s, c]])
    return turned.ravel()


def _errors(problem: Problem, name: str, N: int, h: float, starts: Floats, states: Floats) -> dict[str, Floats]:
    """Signed relative errors, shape (members, ends), from states (members, ends, d)."""
    flat = np.moveaxis(np.concatenate([starts[:, None], states], axis=1), -1, 0)
    shape, flat = flat.shape[1:], flat.reshape(len(flat), -1)
    if N > 1:
        energy = _modified(problem, name, N, flat, h)
    else:
        energy = np.asarray(problem.evaluate(problem.invariants["energy"], 0.0, flat))
    momentum = np.asarray(problem.evaluate(problem.invariants["angular_momentum"], 0.0, flat))
    values = {"energy": energy, "angular_momentum": momentum}
    series = {quantity: value.reshape(shape) for quantity, value in values.items()}
    return {q: (I[:, 1:] - I[:, :1]) / np.abs(I[:, :1]) for q, I in series.items()}


def _modified(problem: Problem, name: str, N: int, flat: Floats, h: float) -> Floats:
    method = METHODS[name]
    if not method.substeps:
        raise InputError(f"{name!r} is not a splitting; set terms to 1 to use the energy itself.")
    algebra = ALGEBRAS[problem.name]
    return truncated(algebra, hamiltonian_series(method, algebra, N), [N], flat, h)[0]
