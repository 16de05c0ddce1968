"""Made-up tables of orbits, sets of initial states and rounding."""

import numpy as np
import pandas as pd


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
