"""Largest Lyapunov exponents of orbits that fill the section of the Henon-Heiles problem, by methods of equal cost."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.integrators import METHODS
from geoflow.measure.counts import clopper_pearson
from geoflow.measure.henon_heiles import exponents, spread_evenly
from geoflow.measure.keyed import long_form
from geoflow.problems import PROBLEMS
from geoflow.studies.hamiltonian.lyapunov.config import Lyapunov


def study(asked: Lyapunov, tools: Tools) -> Answer:
    """Compute and classify the exponents: the tangent vector of a regular orbit grows like t, so that its exponent is
    about log(t)/t. An orbit is chaotic above `margin` times log(t)/t, and undecided up to three times this limit."""
    threshold, problem = asked.margin * np.log(asked.time) / asked.time, PROBLEMS["henon_heiles"]
    costs = [METHODS[one.method].stages / one.h for one in asked.runs]
    summary = {"threshold": float(threshold), "cost_ratio": max(costs) / min(costs)}
    frames, fractions, undecided = [], [], []
    cases = [(one.method, one.h, H) for one in asked.runs for H in asked.energies]
    for name, step, energy in tools.progress(cases, "energies"):
        starts = spread_evenly(problem, energy, asked.orbits)
        given = (starts, name, step, asked.time, asked.samples)
        t, exponent = tools.resume(f"{name}-{step!r}-{energy!r}", exponents, *given)
        frame = long_form({"t": t, "orbit": range(asked.orbits)}, exponent=exponent)
        frames.append(frame.assign(method=name, energy=energy))
        last = exponent[-1]
        chaotic, label = last > threshold, f"{name}/{energy:.3g}"
        fraction, median = float(chaotic.mean()), float(np.median(last))
        low, high = clopper_pearson(int(chaotic.sum()), asked.orbits)
        fractions.append((name, energy, fraction, low, high, median))
        summary |= {f"chaotic/{label}": fraction, f"median/{label}": median}
        summary |= {f"chaotic_low/{label}": low, f"chaotic_high/{label}": high}
        for kind, those in (("regular", ~chaotic), ("irregular", chaotic)):
            if those.any():
                summary[f"{kind}/{label}"] = float(np.median(last[those]))
        if name == asked.runs[0].method:
            undecided.append(float((chaotic & (last < 3 * threshold)).mean()))
    summary["undecided"] = max(undecided)
    parts = pd.DataFrame(fractions, columns=asked.tables["fractions"].split())
    return Answer({"exponents": pd.concat(frames), "fractions": parts}, summary)
