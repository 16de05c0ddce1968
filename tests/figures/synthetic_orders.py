"""Made-up tables of orders, work, stability regions and modified Hamiltonians."""

import numpy as np
import pandas as pd


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
