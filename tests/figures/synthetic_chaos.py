"""Made-up tables of sections, Lyapunov exponents and stiff springs."""

import numpy as np
import pandas as pd

METHODS = ("srkn_6_4", "rk4")
ENERGIES = (1 / 12, 0.125, 0.16666)


def sections() -> dict[str, pd.DataFrame]:
    """Circles, one of them chaotic; a curve that spirals with one method."""
    angle = 2.4 * np.arange(300)
    crossings = [
        pd.DataFrame(
            {
                "method": method, "energy": energy, "orbit": orbit,
                "q2": 0.1 * (orbit + 1) * np.cos(angle), "p2": 0.1 * (orbit + 1) * np.sin(angle),
            }
        )
        for method in METHODS
        for energy in ENERGIES
        for orbit in range(4)
    ]  # fmt: skip
    orbits = [
        {"energy": energy, "orbit": orbit, "exponent": 0.1 if orbit == 3 else 1e-3}
        for energy in ENERGIES
        for orbit in range(4)
    ]
    curves = []
    for method, growth in zip(METHODS, (0.0, 1e-3), strict=True):
        radius, t = 1 - growth * np.arange(300), 6.3 * np.arange(1, 301)
        columns = {"q2": radius * np.cos(angle), "p2": radius * np.sin(angle)}
        error = 1e-8 * (2 + np.sin(t)) + growth * t / 100
        curves.append(pd.DataFrame({"method": method, "t": t, **columns, "energy_error": error}))
    return {
        "crossings": pd.concat(crossings, ignore_index=True),
        "orbits": pd.DataFrame(orbits),
        "curve": pd.concat(curves, ignore_index=True),
    }


def exponents() -> dict[str, pd.DataFrame]:
    """Exponents that fall like log(t)/t, or stay."""
    t, frames, fractions = np.geomspace(100, 10_000, 20), [], []
    for method in METHODS:
        for place, energy in enumerate(ENERGIES):
            for orbit in range(6):
                value = np.log(t) / t if orbit > 2 * place else np.full(t.shape, 0.05 * (place + 1))
                columns = {"energy": energy, "orbit": orbit, "t": t, "exponent": value}
                frames.append(pd.DataFrame({"method": method, **columns}))
            fractions.append((method, energy, place / 3, 0.05 * place))
    parts = pd.DataFrame(fractions, columns=["method", "energy", "chaotic", "median"])
    return {"exponents": pd.concat(frames, ignore_index=True), "fractions": parts}


def springs() -> dict[str, pd.DataFrame]:
    """Energies that go from the first to the last spring and back."""
    t, frames = np.linspace(0, 200, 400), []
    for method, x in (("srkn_14_6", 0.5), ("stormer_verlet", 1.25), ("hairer_lubich", 2.5)):
        part = np.sin(np.pi * x * t / 200) ** 2
        parts = [np.ones(400), (1 - part) ** 2, 2 * part * (1 - part), part**2]
        for spring, energy in enumerate(parts):
            columns = {"h_omega": x, "t": t, "spring": spring, "energy": energy}
            frames.append(pd.DataFrame({"method": method, **columns}))
    return {"energies": pd.concat(frames, ignore_index=True)}


def resonances() -> dict[str, pd.DataFrame]:
    """Peaks at multiples of pi, with gaps where a run overflows."""
    x, rows = np.linspace(0.1, 4.5 * np.pi, 80), []
    for method in ("stormer_verlet", "gautschi", "hairer_lubich", "grimm_hochbruck", "imex"):
        energy = 1e-3 / (np.abs(np.sin(x)) + 1e-2)
        energy[(x > 2) & (method == "stormer_verlet")] = np.nan
        frame = {"method": method, "h_omega": x, "energy": energy, "oscillatory": 5 * energy}
        rows.append(pd.DataFrame(frame))
    few = np.array([1.0, 5.0, 12.0])
    fine = pd.DataFrame({"h_omega": few, "energy": 1e-11, "oscillatory": 0.05 / few})
    return {"deviations": pd.concat(rows, ignore_index=True), "fine": fine}
