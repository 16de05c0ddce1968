"""Variable steps on Kepler's problem: fixed, with a naive controller, and reversible."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators.integrate import integrate
from geoflow.measure.growth import exponent, growth
from geoflow.problems import PROBLEMS
from geoflow.studies.hamiltonian.variable_steps.config import VariableSteps

CLOCK = 4  # index of the time in a state (q, p, t, rho)


def study(asked: VariableSteps, tools: Tools) -> Answer:
    """Run `variable` methods in the fictitious time tau of kepler_with_clock, dt/dtau = 1/rho, `fixed` ones in t. A
    period in tau is oint rho dt = (1 - e)^(3/2) oint (1 - e cos E)^(-1/2) dE."""
    for e in asked.eccentricities:
        if not 0 < e < 1:
            raise InputError(f"expected eccentricities between 0 and 1, got {e}; try 0.6.")
    errors, summary = [], {}
    lengths = (asked.steps_per_period, asked.periods, asked.samples_per_period)
    for e in tools.progress(list(asked.eccentricities), "eccentricities"):
        for name in [*asked.fixed, *asked.variable]:
            given = (name, e, name in asked.variable, *lengths)
            t, signed, largest = tools.resume(f"{name}-{e!r}", _run, *given)
            error, label = np.abs(signed), f"{name}/{e:g}"
            frame = {"eccentricity": e, "method": name, "t": t, "error": error}
            errors.append(pd.DataFrame(frame))
            summary[f"energy_error/{label}"] = largest
            summary[f"growth/{label}"] = growth(error)
            summary[f"exponent/{label}"] = exponent(t, error, after=t[-1] / 30, below=np.inf)
            summary[f"slope/{label}"] = float(abs(np.polyfit(t, signed, 1)[0]))
        first = summary[f"energy_error/{asked.fixed[0]}/{e:g}"]
        for name in asked.variable:
            summary[f"gain/{name}/{e:g}"] = first / summary[f"energy_error/{name}/{e:g}"]
    summary |= {"steps_per_period": float(asked.steps_per_period), "periods": float(asked.periods)}
    return Answer({"errors": pd.concat(errors)}, summary, {"t": "period"})


def _run(
    name: str, e: float, clocked: bool, steps: int, periods: int, samples_per_period: int
) -> tuple[Floats, Floats, float]:
    """Return times in periods and relative energy errors at the samples, and the largest error over all steps."""
    made = PROBLEMS["kepler_with_clock" if clocked else "kepler"](eccentricity=e)
    period = fictitious_period(e) if clocked else 2 * np.pi
    every = max(steps // samples_per_period, 1)
    run = integrate(made, name, h=period / steps, steps=steps * periods, every=every, monitor=1)
    t = (run.y[:, CLOCK] if clocked else run.t) / (2 * np.pi)
    energy = run.invariants["energy"]
    first = abs(float(energy[0]))
    return t, (energy - energy[0]) / first, run.drift["energy"] / first


def fictitious_period(e: float, points: int = 4096) -> float:
    """Period oint rho dt in tau, rho = (|q(0)|/|q|)^(3/2), by the trapezoidal rule in the eccentric anomaly E."""
    E = 2 * np.pi * np.arange(points) / points
    return float((1 - e) ** 1.5 * 2 * np.pi * np.mean(1 / np.sqrt(1 - e * np.cos(E))))
