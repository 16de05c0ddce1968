"""Synthetic result folders: made-up numbers with the columns of the real ones, to draw from."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import synthetic_chaos
from synthetic_gallery import GALLERY

from geoflow.results import write_tables

SYNTHETIC = {"scale": "default", "commit": "synthetic", "config": "0", "code": "0"}


def orders() -> dict[str, pd.DataFrame]:
    """Errors that fall with the declared order down to a plateau of round-off."""
    declared = {
        "explicit_euler": 1, "implicit_euler": 1, "symplectic_euler": 1, "explicit_midpoint": 2,
        "heun_2": 2, "implicit_midpoint": 2, "stormer_verlet": 2, "radau_iia_2": 3, "rk4": 4,
        "gauss_2": 4, "yoshida_4": 4, "yoshida_6": 6, "gauss_3": 6,
    }  # fmt: skip
    rows = []
    for number, (method, order) in enumerate(declared.items()):
        for steps in 2 ** np.arange(4, 12):
            h = 10 / steps
            error = max((1 + number / 3) * 0.3 * h**order, 1e-13 * (1 + number % 3))
            rows.append((method, h, steps, error, steps * 2, 1e-12 < error < 0.5))
    columns = ["method", "h", "steps", "error", "evaluations", "in_fit"]
    fits = [(m, p, p - 0.01, p - 0.03, p + 0.01, 6) for m, p in declared.items()]
    return {
        "errors": pd.DataFrame(rows, columns=columns),
        "orders": pd.DataFrame(
            fits, columns=["method", "declared", "measured", "low", "high", "points"]
        ),
    }


def states() -> dict[str, pd.DataFrame]:
    """Spirals and circles."""
    t = np.linspace(0, 40, 1001)
    growth = {"explicit_euler": 0.02, "implicit_euler": -0.02, "implicit_midpoint": 0}
    growth["rk45"] = -0.01
    frames = [
        pd.DataFrame(
            {
                "method": method,
                "t": t,
                "q": np.exp(rate * t) * np.cos(t),
                "p": -np.exp(rate * t) * np.sin(t),
                "energy_error": np.expm1(2 * rate * t) + 1e-16 * np.round(np.sin(t)),
            }
        )
        for method, rate in growth.items()
    ]
    return {"states": pd.concat(frames, ignore_index=True)}


def catalogue() -> dict[str, pd.DataFrame]:
    """Errors of the declared slopes for methods of two families, and one that stands alone."""
    entries = [
        ("rk4", "explicit Runge-Kutta", 4), ("heun_3", "explicit Runge-Kutta", 3),
        ("explicit_euler", "explicit Runge-Kutta", 1), ("gauss_2", "Gauss", 4),
        ("gauss_3", "Gauss", 6), ("gauss_6", "Gauss", 12), ("boris", "formula", 2),
    ]  # fmt: skip
    rows = [
        (method, family, "henon_heiles", n, 1 / n, 0.1 * n**-order)
        for method, family, order in entries
        for n in (4, 8, 16)
    ]
    listed = [(m, False, f, p, "henon_heiles") for m, f, p in entries]
    return {
        "catalogue": pd.DataFrame(
            listed, columns=["method", "control", "family", "declared", "problem"]
        ),
        "errors": pd.DataFrame(
            rows, columns=["method", "family", "problem", "steps", "h", "error"]
        ),
    }


def works() -> dict[str, pd.DataFrame]:
    """Straight lines; one method never gets there."""
    entries = [
        ("rk4", "explicit", 4, 5e3),
        ("gauss_2", "Gauss", 4, 9e3),
        ("gauss_3", "Gauss", 6, 3e3),
    ]
    entries.append(("explicit_euler", "splitting", 1, np.inf))
    errors = [
        (m, f, 10 / n, n, max(n**-p / 7, 1e-16), 3 * n)
        for m, f, p, _ in entries
        for n in (16, 128, 1024)
    ]
    columns = ["method", "family", "h", "steps", "error", "evaluations"]
    costs = pd.DataFrame(entries, columns=["method", "family", "declared", "evaluations"])
    return {"errors": pd.DataFrame(errors, columns=columns), "costs": costs}


def modulus() -> dict[str, pd.DataFrame]:
    """|1 + z| and |1 / (1 - z)|, infinite in one point."""
    x, y = np.meshgrid(np.linspace(-3, 3, 31), np.linspace(0, 3, 16))
    z = x + 1j * y
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {"explicit_euler": abs(1 + z), "implicit_euler": 1 / abs(1 - z)}
    frames = [
        pd.DataFrame({"method": m, "x": x.ravel(), "y": y.ravel(), "modulus": v.ravel()})
        for m, v in values.items()
    ]
    return {"modulus": pd.concat(frames, ignore_index=True)}


METHODS = ["explicit_euler", "rk4", "symplectic_euler", "stormer_verlet", "yoshida_4", "gauss_2"]


def orbits() -> dict[str, pd.DataFrame]:
    """Ellipses that grow, and errors that are bounded or grow."""
    orbit, error = [], []
    for number, method in enumerate(METHODS):
        for part, start in (("first", 0.0), ("last", 5000.0)):
            t = start + np.linspace(0, 18, 300)
            size = 1 + (0.3 if method == "explicit_euler" else 0) * (start > 0)
            q1, q2 = size * (np.cos(t) - 0.6), size * 0.8 * np.sin(t + 1e-4 * number * start)
            orbit.append(pd.DataFrame({"method": method, "part": part, "t": t, "q1": q1, "q2": q2}))
        t = np.geomspace(0.05, 5000, 400)
        size = 10.0 ** (-number - 1)
        energy = size * (t / 100 if number < 2 else np.sin(t) ** 2)
        momentum = energy if number < 2 else 1e-15 * np.round(t**0.3)
        columns = {
            "energy_error": energy, "angular_momentum_error": momentum,
            "position_error": 1e-4 * t, "perihelion": -1e-5 * t,
        }  # fmt: skip
        error.append(pd.DataFrame({"method": method, "t": t, **columns}))
    return {
        "orbits": pd.concat(orbit, ignore_index=True),
        "errors": pd.concat(error, ignore_index=True),
    }


def walks() -> dict[str, pd.DataFrame]:
    """Walks of two members, and a drift."""
    steps, frames, members = np.unique(np.geomspace(1e3, 1e6, 31).round()), [], []
    variants = [("plain", 1e-16, 0.5), ("compensated", 1e-18, 0.5), ("stopped", 1e-16, 1.0)]
    for method in ("stormer_verlet", "gauss_3"):
        for variant, size, power in variants[: 3 if method == "gauss_3" else 2]:
            rms = size * steps**power
            named = {"method": method, "variant": variant, "steps": steps}
            for quantity in ("energy", "angular_momentum"):
                frames.append(pd.DataFrame({**named, "quantity": quantity, "rms": rms}))
            for member in range(2):
                error = rms * np.sin(member + steps)
                errors = {"energy_error": error, "angular_momentum_error": error}
                members.append(pd.DataFrame({**named, "member": member, **errors}))
    return {"errors": pd.concat(frames), "members": pd.concat(members)}


def densities() -> dict[str, pd.DataFrame]:
    """Rings that fade, or do not."""
    frames = []
    for method, rate in (("kutta_3", 0.3), ("stormer_verlet", 0.0)):
        for t in (0.0, 4.0, 16.0):
            angle = np.linspace(0, 6, 50)
            q, p = np.cos(angle), np.sin(angle)
            columns = {"method": method, "t": t, "q": q, "p": p, "density": np.exp(rate * t / 8)}
            frames.append(pd.DataFrame(columns))
    return {"density": pd.concat(frames)}


def area() -> dict[str, pd.DataFrame]:
    """Discs that are sheared, and shrink or grow with some methods."""
    angle, outline, ratios = np.linspace(0, 2 * np.pi, 60, endpoint=False), [], []
    rates = {
        "explicit_euler": 0.1, "implicit_euler": -0.1, "rk4": 0.0, "symplectic_euler": 0.0,
        "stormer_verlet": 0.0, "implicit_midpoint": 0.0,
    }  # fmt: skip
    for method, rate in rates.items():
        for time in (0.0, 2.0, 4.0, 6.0):
            size = 0.5 * np.exp(rate * time)
            p = size * np.sin(angle) + 1 - time / 6
            q = size * np.cos(angle) + 0.6 * time + 0.5 * time * p
            key = {"method": method, "shape": "disc_0", "time": time}
            outline.append(pd.DataFrame({**key, "point": np.arange(60), "q": q, "p": p}))
            ratios.append((method, "disc_0", time, np.exp(2 * rate * time)))
    return {
        "outlines": pd.concat(outline, ignore_index=True),
        "areas": pd.DataFrame(ratios, columns=["method", "shape", "time", "area_ratio"]),
    }


def planets() -> dict[str, pd.DataFrame]:
    """Circles around a Sun, and errors."""
    bodies = {"sun": 0, "jupiter": 5, "saturn": 10, "uranus": 19, "neptune": 30, "pluto": 39}
    methods = ["explicit_euler", "implicit_euler", "symplectic_euler", "stormer_verlet"]
    t, orbit, error = np.linspace(0, 200_000, 500), [], []
    for number, method in enumerate(methods):
        for body, size in bodies.items():
            phase = 2 * np.pi * t / (365 * max(size, 1) ** 1.5)
            grown = size * (1 + t / 1e6 * (number == 0))
            places = {"x": grown * np.cos(phase), "y": grown * np.sin(phase), "z": 0 * t}
            orbit.append(pd.DataFrame({"method": method, "body": body, "t": t, **places}))
        size = {"energy_error": 1e-4 * 0.1**number * t, "angular_momentum_error": 1e-9 * t}
        error.append(pd.DataFrame({"method": method, "t": t, **size}))
    return {
        "orbits": pd.concat(orbit, ignore_index=True),
        "errors": pd.concat(error, ignore_index=True),
    }


def robustness() -> dict[str, pd.DataFrame]:
    """Accuracies that fall with eps, certified below attacked, printed numbers for one network."""
    rows = [
        (network, seed, eps, kind, value, value - 0.03, value + 0.03, printed)
        for network, slope, printed in (("resnet", 1.2, 0.5), ("non_expansive", 0.8, np.nan))
        for seed in (0, 1)
        for eps in (0, 0.2, 0.5)
        for kind, value in (("attacked", 0.97 - slope * eps), ("certified", 0.9 - 1.5 * eps))
    ]
    columns = ["network", "seed", "eps", "kind", "accuracy", "low", "high", "printed"]
    history = [
        (n, s, e, 1 - 0.5 / e)
        for n in ("resnet", "non_expansive")
        for s in (0, 1)
        for e in (1, 2, 3)
    ]
    return {
        "accuracy": pd.DataFrame(rows, columns=columns),
        "training": pd.DataFrame(
            history, columns=["network", "seed", "epoch", "validation_accuracy"]
        ),
    }


def step_sizes() -> dict[str, pd.DataFrame]:
    """Constants that grow beyond 1, and an estimate that improves."""
    rows = [(c, 0, max(1, 2 * c - 1), max(0.9, c), 0.97, max(0, c - 1)) for c in (0.5, 1, 1.5, 2)]
    columns = ["relative_step", "seed", "bound", "found", "clean", "false_claims"]
    power = pd.DataFrame({"sweeps": [1, 10, 100], "expansion": [2.1, 1.1, 1.001]})
    return {"networks": pd.DataFrame(rows, columns=columns), "power_iteration": power}


def modified_hamiltonians() -> dict[str, pd.DataFrame]:
    """Errors h^N down to round-off, smallest at a finite N; one method whose error rises."""
    rows, drift = [], []
    for method, step in (("symplectic_euler", 1), ("stormer_verlet", 2)):
        for h in np.geomspace(0.04, 0.7, 20):
            for N in range(step, 21, step):
                error = max(h**N * (1 + (h * N / 6) ** N), 1e-13)
                rows.append((method, N, h, error, 1000, 1e-11 < error < 1e-3))
        for N in range(step, 21, step):
            frame = {"method": method, "truncation": N, "t": np.linspace(0, 1000, 200)}
            drift.append(pd.DataFrame({**frame, "error": 0.3**N}))
    t = np.linspace(0, 1000, 200)
    drift.append(pd.DataFrame({"method": "rk4", "truncation": 1, "t": t, "error": 1e-4 * t}))
    columns = ["method", "truncation", "h", "error", "steps", "in_fit"]
    return {"errors": pd.DataFrame(rows, columns=columns), "drift": pd.concat(drift)}


def expansions() -> dict[str, pd.DataFrame]:
    """Ratios that leave one at the bound, on two fields."""
    methods = ["explicit_euler", "rk4", "implicit_euler", "trapezoidal"]
    bounds = {"explicit_euler": 2.0, "rk4": 2.0, "implicit_euler": np.inf, "trapezoidal": 4.0}
    z = np.linspace(0.2, 6, 30)
    curves = [
        pd.DataFrame(
            {"field": f, "method": m, "hL": z, "expansion": 1 + 0.2 * np.maximum(z - bounds[m], 0)}
        )
        for f in ("quadratic", "skew")
        for m in methods
    ]
    rows = [
        (f, m, w, 0.0 if w else bounds[m], bounds[m], np.inf, 0.02 if w else bounds[m] + 0.01, 2.0)
        for f, w in (("quadratic", 0.0), ("skew", 0.3))
        for m in methods
    ]
    columns = [
        "field", "method", "skew", "bound", "gradient_bound", "linear", "first_expansion", "worst",
    ]  # fmt: skip
    steps = pd.DataFrame(rows, columns=columns)
    steps.loc[steps["method"] == "implicit_euler", "first_expansion"] = np.nan
    return {"expansion": pd.concat(curves, ignore_index=True), "steps": steps}


def paraboloid() -> pd.DataFrame:
    """V = x^2 + y^2 on a square grid."""
    x, y = (z.ravel() for z in np.meshgrid(np.linspace(-3, 3, 21), np.linspace(-3, 3, 21)))
    return pd.DataFrame({"x": x, "y": y, "value": x**2 + y**2})


def pairs() -> dict[str, pd.DataFrame]:
    """Two points and their images, growth of the third power, two maps."""
    places = {"point": 2.0, "stage 2": 1.5, "image": 1.0}
    pair = [(k, stage, x + 0.3 * k, x) for stage, x in places.items() for k in range(2)]
    h, x = np.geomspace(0.1, 2, 8), np.linspace(-3, 3, 40)
    growth = [
        pd.DataFrame({"method": m, "hL": h, "growth": g * h**3})
        for m, g in (("explicit_midpoint", 0.02), ("heun_2", 0.0))
    ]
    maps = [
        pd.DataFrame({"line": f, "method": m, "hL": 6.0, "x": x, "image": s * x, "slope": s})
        for f in ("relu", "huber")
        for m, s in (("trapezoidal", -2.0), ("implicit_midpoint", 0.5))
    ]
    return {
        "pair": pd.DataFrame(pair, columns=["who", "stage", "x", "y"]),
        "contours": paraboloid(),
        "growth": pd.concat(growth, ignore_index=True),
        "maps": pd.concat(maps, ignore_index=True),
    }


def shrinking_discs() -> dict[str, pd.DataFrame]:
    """A circle that shrinks, for six methods."""
    angle = np.linspace(0, 2 * np.pi, 12)
    methods = ["explicit_euler", "explicit_midpoint", "rk4", "trapezoidal", "gauss_2", "sdirk_2"]
    frames = [
        pd.DataFrame(
            {
                "method": method, "hL": 1.9, "growth": 1.0, "disc": 0, "step": step,
                "point": range(12), "x": np.cos(angle) / (1 + step), "y": np.sin(angle) / (1 + step),
            }
        )
        for method in methods
        for step in range(3)
    ]  # fmt: skip
    return {"circles": pd.concat(frames, ignore_index=True), "contours": paraboloid()}


def norms() -> dict[str, pd.DataFrame]:
    """Bounds from zero to infinity."""
    rows = [
        ("diffusion", norm, method, bound, radius if norm == "l2" else np.nan, seen)
        for norm in ("l1", "l2", "linf")
        for method, bound, radius, seen in (
            ("explicit_euler", 1.9, 2.0, 1.9), ("rk4", 0.0, 2.0, 1.5), ("gauss_2", 0.0, np.inf, 0.2),
            ("implicit_euler", np.inf, np.inf, np.nan),
        )
    ]  # fmt: skip
    columns = ["field", "norm", "method", "bound", "radius_bound", "first_expansion"]
    return {"steps": pd.DataFrame(rows, columns=columns)}


def rates() -> dict[str, pd.DataFrame]:
    """Factors of the energy: one method never grows, one does."""
    z = np.geomspace(0.1, 100, 9)
    never = {
        "method": "implicit_euler",
        "rate": 1 / (1 + z),
        "bound": 1 / (1 + z / 2),
        "increases": 0,
    }
    grows = {"method": "explicit_euler", "rate": abs(1 - z), "bound": np.nan, "increases": 3}
    return {
        "rates": pd.concat(
            [pd.DataFrame({**one, "hL": z}) for one in (never, grows)], ignore_index=True
        )
    }


def errors_of_optimisers() -> dict[str, pd.DataFrame]:
    """Straight lines."""
    factors = {"gradient_descent": 0.998, "heavy_ball": 0.94, "chebyshev": 0.968}
    n = np.arange(0, 500, 5)
    frames = [
        pd.DataFrame({"potential": V, "optimiser": m, "evaluations": n, "error": rate**n})
        for V in ("quadratic", "total_variation")
        for m, rate in factors.items()
    ]
    rows = [
        (V, m, 1000.0, rate, rate)
        for V in ("quadratic", "total_variation")
        for m, rate in factors.items()
    ]
    return {
        "errors": pd.concat(frames, ignore_index=True),
        "rates": pd.DataFrame(rows, columns=["potential", "optimiser", "kappa", "rate", "theory"]),
    }


def budgets() -> dict[str, pd.DataFrame]:
    """Accuracies that fall from attack to attack, and a control that is not drawn."""
    names = ["pgd_10_short", "pgd_10", "auto_attack", "all", "certified"]
    rows = [
        (network, eps, k, name, 1 - np.exp(-k - 1), v := 0.9 - 0.2 * k * eps, v - 0.05, v + 0.05)
        for network in ("resnet", "non_expansive", "free_last_layer")
        for eps in (0.5, 1)
        for k, name in enumerate(names)
    ]
    columns = ["network", "eps", "place", "attack", "reach", "accuracy", "low", "high"]
    return {"budgets": pd.DataFrame(rows, columns=columns)}


def schemes() -> dict[str, pd.DataFrame]:
    """Three schemes, two seeds."""
    names = {"explicit_euler": 1.0, "rk4_38": 0.46, "implicit_midpoint": np.inf}
    facts = [(name, radius, 2) for name, radius in names.items()]
    runs = [(name, seed, 0.9 + 0.01 * seed) for name in names for seed in (0, 1)]
    rows = [
        (name, seed, 0.5, kind, value + 0.02 * seed)
        for name, seed, _ in runs
        for kind, value in (("attacked", 0.6), ("certified", 0.4))
    ]
    return {
        "schemes": pd.DataFrame(facts, columns=["scheme", "radius", "substeps"]),
        "networks": pd.DataFrame(runs, columns=["scheme", "seed", "clean"]),
        "accuracy": pd.DataFrame(rows, columns=["scheme", "seed", "eps", "kind", "accuracy"]),
    }


def pictures() -> dict[str, pd.DataFrame]:
    """Two images of 4 x 4 pixels at two eps, one of which flips a class."""
    row, column = (index.ravel() for index in np.indices((4, 4)))
    pixels, outcomes = [], []
    for network in ("resnet", "non_expansive"):
        for image in (0, 3):
            for eps in (0, 1):
                which = {"network": network, "image": image, "eps": eps}
                change = eps * np.cos(row + 2 * column)
                value = {"value": (row + column) / 6, "change": change}
                pixels.append(pd.DataFrame({**which, "row": row, "column": column, **value}))
                outcomes.append(
                    {**which, "kind": "attacked", "label": image, "predicted": image + eps}
                )
    return {"pixels": pd.concat(pixels), "outcomes": pd.DataFrame(outcomes)}


VALUES = {
    "problem": {"name": "kepler"},
    "bins": 16,
    "highest": 2.0,
    "control": {"label": "free_last_layer"},
    "schemes": ["explicit_euler", "rk4_38", "implicit_midpoint"],
    "dataset": {"name": "digits"},
}


TABLES: dict[str, Callable[[], dict[str, pd.DataFrame]]] = {
    "order_pendulum": orders,
    "order_kepler": orders,
    "order_henon_heiles": orders,
    "order_driven_pendulum": orders,
    "catalogue": catalogue,
    "work_kepler": works,
    "work_pendulum": works,
    "work_henon_heiles": works,
    "stability_explicit": modulus,
    "stability_implicit": modulus,
    "harmonic_oscillator": states,
    "kepler_orbits": orbits,
    "kepler_drift": orbits,
    "round_off": walks,
    "pendulum_density": densities,
    "pendulum_area": area,
    "outer_solar_system": planets,
    "henon_heiles_sections": synthetic_chaos.sections,
    "henon_heiles_lyapunov": synthetic_chaos.exponents,
    "fput_exchange": synthetic_chaos.springs,
    "fput_long": synthetic_chaos.springs,
    "fput_resonance": synthetic_chaos.resonances,
    "expansion": lambda: {"expansion": expansions()["expansion"], "marks": expansions()["steps"]},
    "largest_steps": lambda: {"steps": expansions()["steps"]},
    "counter_examples": pairs,
    "discs": shrinking_discs,
    "other_norms": norms,
    "dissipation": rates,
    "descent": errors_of_optimisers,
    "backward_error_pendulum": modified_hamiltonians,
    "backward_error_kepler": modified_hamiltonians,
    "digits_robustness": robustness,
    "digits_step_size": step_sizes,
    "digits_audit": budgets,
    "digits_schemes": schemes,
    "digits_strips": pictures,
    **GALLERY,
}


def write(results: Path) -> None:
    """Write `default/` and `smoke/` for the figures whose tables are made up here."""
    for scale in ("default", "smoke"):
        for experiment, tables in TABLES.items():
            folder = results / scale / experiment
            note = {**SYNTHETIC, "scale": scale, "experiment": experiment}
            summary = pd.DataFrame({"key": ["nothing"], "value": [0.0]})
            write_tables(folder, {**tables(), "summary": summary}, provenance=note)
            (folder / "config.json").write_text(json.dumps({"values": VALUES}))
