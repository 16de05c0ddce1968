"""Made-up results of every figure: tables with the columns that a study declares and the names of its values.

A table is the product of its keys (columns that count or name something, below) with numbers for
all other columns: positive, at most one, falling from one method or network to the next. A figure
computes nothing, so it must draw these as it draws results.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from composed import experiments

from geoflow.ground.results import write_tables
from geoflow.ground.study import labels
from geoflow.pipeline.compose import Experiment
from geoflow.studies import FIGURES, find_studies

SCALES = ("paper", "default")
SYNTHETIC = {"scale": "default", "commit": "synthetic", "config": "0", "code": "0"}
CATALOGUE = {  # method -> family, where a study asks for all methods
    "explicit_euler": "explicit Runge-Kutta", "heun_2": "explicit Runge-Kutta",
    "rk4": "explicit Runge-Kutta", "gauss_2": "Gauss", "gauss_3": "Gauss", "gauss_6": "Gauss",
    "boris": "formula", "yoshida_4": "composition", "yoshida_6": "composition", "saba_2": "splitting",
}  # fmt: skip

# Keys that are named by a field of the values: column -> fields; all of them, one after the other.
NAMED = {
    "method": ("methods", "schemes", "fixed", "variable", "split_methods", "controls"),
    "network": ("networks",), "scheme": ("schemes",), "denoiser": ("denoisers",), "task": ("tasks",),
    "field": ("fields",), "potential": ("potentials",), "optimiser": ("optimisers",),
    "class": ("classes",), "line": ("lines",), "eps": ("eps",), "seed": ("seeds",),
    "relative_step": ("relative_steps",), "iterations": ("iterations",), "depth": ("depths",),
    "width": ("widths",), "eccentricity": ("eccentricities",), "arithmetic": ("arithmetics",), "margin": ("margins",),
    "quantity": ("observed",), "power": ("powers",),
}  # fmt: skip
# All other keys, with what they count.
KEYS: dict[str, Iterable[Any]] = {
    "t": np.geomspace(0.1, 1000, 40), "time": (0.0, 2.0, 4.0, 6.0), "h": np.geomspace(1e-3, 0.2, 8),
    "hL": np.linspace(0.5, 6, 8), "h_omega": np.linspace(0.5, 14, 9),
    "eps": (0.0, 0.5, 1.0), "seed": (0, 1), "iteration": range(20), "epoch": range(1, 6), "step": range(3),
    "block": range(1, 9), "truncation": range(2, 21, 2), "orbit": range(4), "spring": range(4),
    "image": range(5), "row": range(4), "column": range(4), "number": range(3), "start": (0, 1),
    "point": range(24), "member": range(3), "disc": range(2), "probe": range(3), "size": (0.05, 1, 20),
    "channels": (1, 4), "kernel": (3, 5), "pixels": (14, 28), "kind": ("clean", "attacked", "certified"),
    "part": ("first", "last"), "variant": ("plain", "compensated", "stopped"), "shape": ("disc", "cat"),
    "invariant": ("energy", "casimir"), "component": ("x1", "x2", "x3"), "stage": ("point", "stage 2", "image"),
    "who": (0, 1), "norm": ("l1", "l2", "linf"), "body": ("sun", "jupiter", "saturn", "pluto"),
    "layer": ("dense", "residual", "gradient_flow"), "place": ("grid", "bound", "above"),
    "problem": ("henon_heiles",), "tensor": ("weight",), "network": (), "quantity": (),
}  # fmt: skip
# Tables in which a column is a key, or is none, against the above; "sample" numbers rows and is left out.
EXACT = {
    "catalogue/catalogue": "method problem", "catalogue/errors": "method h", "work/errors": "method h",
    "regions/modulus": "method x y", "expansion_maps/maps": "network u v", "expansion_maps/corners": "label",
    "counter_examples/contours": "x y", "discs/contours": "x y", "counter_examples/maps": "line method x",
    "sections/crossings": "method energy orbit sample", "sections/orbits": "energy orbit",
    "lyapunov/exponents": "method energy orbit t", "lyapunov/fractions": "method energy",
    "contractive_steps/steps": "method class",
    "descent/errors": "potential optimiser evaluations", "audit/budgets": "network eps attack",
    "round_off/members": "method variant member steps", "round_off/errors": "method variant quantity steps",
    "depth_limit/errors": "method depth", "planet_costs/errors": "method steps", "robustness/weights": "network",
    "worst_cases/worst": "method hL", "gallery/orbits": "method start t",
    "denoising/pictures": "denoiser task image row column",
    "gallery/errors": "method invariant start t", "gallery/observed": "method quantity number start t",
    "planet_costs/costs": "method", "variable_steps/errors": "eccentricity method t",
    "time_transformation/errors": "method power eccentricity",
    "exchange/energies": "method spring t",
    "norms/logarithmic": "field norm",
    "strips/outcomes": "network eps image kind", "schemes/schemes": "scheme", "vanishing/accuracy": "network seed",
    "vanishing/plane": "network u v", "vanishing/points": "u v",
    "learned_hamiltonian/potential": "network seed q",
}  # fmt: skip
PLANE = np.linspace(-1, 1, 9)
RARE: dict[str, Iterable[Any]] = {
    "x": PLANE, "y": PLANE, "q": PLANE, "u": PLANE, "v": PLANE, "energy": (1 / 12, 1 / 8, 0.16666), "sample": range(40),
    "evaluations": range(0, 500, 25), "steps": (100, 1000, 10_000), "label": (0, 1, 2),
    "attack": ("pgd_10_short", "pgd_10", "pgd_100", "pgd_100_all", "auto_attack", "all", "certified"),
}  # fmt: skip


def results(experiment: Experiment) -> dict[str, pd.DataFrame]:
    """All tables that the study of an experiment declares."""
    study = find_studies()[f"{experiment.stage}/{experiment.study}"]
    return {
        name: table(f"{experiment.study}/{name}", columns.split(), experiment.values)
        for name, columns in study.tables.items()
    }


def table(name: str, columns: list[str], values: Mapping[str, Any]) -> pd.DataFrame:
    """One table `study/table`: the product of its keys, and numbers."""
    wanted = [column.rstrip("?") for column in columns if not column.endswith("*")]
    exact = EXACT.get(name)
    keys = exact.split() if exact else [c for c in wanted if c in KEYS or c in NAMED]
    sets = {key: list(_set(name, key, values)) for key in keys}
    frame = pd.DataFrame(list(product(*sets.values())), columns=keys)
    place = pd.DataFrame({key: frame[key].map(one.index) for key, one in sets.items()})
    first = place[next((k for k in keys if k in NAMED), keys[0])].to_numpy(dtype=float)
    last = (place[keys[-1]] / max(len(sets[keys[-1]]), 1)).to_numpy(dtype=float)
    for column in wanted:
        if column not in frame:
            frame[column] = _measured(name, column, first, last, frame)
    left_out = LEFT_OUT.get(name)
    return frame[wanted] if left_out is None else frame[wanted][~left_out(frame)]


def _set(name: str, key: str, values: Mapping[str, Any]) -> Iterable[Any]:
    """What one key counts: names of the values, or numbers; a few more where a study adds its own."""
    more = {
        "denoising/pictures denoiser": ("image", "data"),
        "conservation/runs network": ("exact",),
        "depth_limit/paths network": ("rk4", "explicit_euler"),
        "round_off/errors quantity": ("energy", "angular_momentum"),
        "first_integrals/errors invariant": ("energy", "angular_momentum"),
    }.get(f"{name} {key}", ())  # fmt: skip
    if key in RARE and (name in EXACT or key not in KEYS):
        return RARE[key]
    listed: list[Any] = []
    for field in NAMED.get(key, ()):
        found = values.get(field)
        if isinstance(found, list) and found:  # elsewhere a field of this name is a number
            listed += found if isinstance(found[0], int | float) else labels(found)
    if key == "method":
        listed += [run["method"] for run in values.get("runs", [])]
    if key == "method" and not listed:
        listed = list(CATALOGUE)
    if more and not listed:
        return more
    return dict.fromkeys([*more, *listed]) or KEYS[key]


# Rows that a table does not have: the energy itself has no truncation.
LEFT_OUT: dict[str, Callable[[pd.DataFrame], "pd.Series[bool]"]] = {
    "modified_hamiltonian/errors": lambda f: f["method"] == "rk4",
    "modified_hamiltonian/drift": lambda f: (f["method"] == "rk4") & (f["truncation"] > 2),
}


Rule = Callable[[np.ndarray, np.ndarray, pd.DataFrame], Any]
RULES: dict[str, Rule] = {
    **dict.fromkeys(("q", "q1", "q2", "x", "u"), lambda k, s, f: np.cos(6.3 * s) / (1 + k)),
    **dict.fromkeys(("p", "p1", "p2", "y", "v", "change"), lambda k, s, f: np.sin(6.3 * s) / (1 + k)),
    "in_fit": lambda k, s, f: (s > 0.2) & (s < 0.7),
    "control": lambda k, s, f: k % 4 == 3,
    "at_most": lambda k, s, f: f.index == 0,
    "claimed": lambda k, s, f: False,
    **dict.fromkeys(("split", "non_expansive", "symplectic"), lambda k, s, f: k % 2 == 1),
    **dict.fromkeys(("declared", "order"), lambda k, s, f: 1 + k.astype(int) % 6),
    **dict.fromkeys(("label", "predicted", "chosen", "place"), lambda k, s, f: (10 * s).astype(int) % 2),
    **dict.fromkeys(("increases", "violations"), lambda k, s, f: k.astype(int) % 2),
    "steps": lambda k, s, f: (100 * (1 + 10 * s)).astype(int),
    "evaluations": lambda k, s, f: (100 * (1 + 10 * s)).astype(int),
    "family": lambda k, s, f: f["method"].map(lambda m: CATALOGUE.get(m, "others")),
    "expansion": lambda k, s, f: 1.001 + s,
    "error": lambda k, s, f: np.maximum(0.3**k * 10.0 ** (12 * (s - 1)), 1e-13),
    "psnr": lambda k, s, f: 20 + 5 * s + k,
    "kappa": lambda k, s, f: 1000.0,
    "substeps": lambda k, s, f: 2,
    "hL": lambda k, s, f: 6.0,
    "h": lambda k, s, f: 0.1 * (1 + k),
    "h_omega": lambda k, s, f: 0.5 * (1 + k),
    "status": lambda k, s, f: "optimal",
    "shape": lambda k, s, f: "1",
    "problem": lambda k, s, f: "henon_heiles",
}  # fmt: skip


def _measured(name: str, column: str, first: np.ndarray, last: np.ndarray, frame: pd.DataFrame) -> Any:
    if (name, column) == ("worst_cases/worst", "place"):
        return np.where(last == 0, "bound", "grid")
    if (name, column) == ("audit/budgets", "place"):
        return (10 * last).astype(int)
    if column in RULES:
        return RULES[column](first, last, frame)
    return 0.6**first * (0.1 + last)


def drawn_experiments() -> dict[str, Experiment]:
    """The experiments that some figure draws, composed at the default scale if they run at it."""
    known = {name: one for scale in SCALES for name, one in experiments(scale).items()}
    return {name: known[name] for figure in FIGURES.values() for name in figure.experiments}


def write(folder: Path) -> None:
    """Write the results of every experiment that a figure draws, at the scales default and smoke."""
    for name, experiment in drawn_experiments().items():
        tables = results(experiment) | {"summary": pd.DataFrame({"key": ["none"], "value": [0.0]})}
        for scale in ("default", "smoke"):
            place = folder / scale / name
            note = {**SYNTHETIC, "scale": scale, "experiment": name}
            write_tables(place, tables, provenance=note)
            (place / "config.json").write_text(json.dumps({"values": experiment.values}))
