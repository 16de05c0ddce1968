"""Made-up tables of the studies of first integrals, variable steps, costs of planets, and of the gallery."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
T = np.geomspace(0.1, 100, 60)


def first_integrals(invariants: Sequence[str]) -> Callable[[], Tables]:
    """A symplectic method, one that keeps the invariants exactly, one that keeps nothing."""

    def made() -> Tables:
        kept, errors, loops = [], [], []
        sizes = {"rk4": (1e-3, 1e-4), "gauss_2": (1e-5, 0.0), "hbvm_8_2": (0.0, 1e-3)}
        for method, (size, defect) in sizes.items():
            row = {"method": method, "symplecticity": defect, "symmetry": 0.0, "loop": defect}
            kept.append(row | dict.fromkeys(invariants, size))
            for invariant in invariants:
                frame = {"method": method, "invariant": invariant, "t": T, "error": size * T}
                errors.append(pd.DataFrame(frame))
            loops.append(pd.DataFrame({"method": method, "t": T, "change": defect * T}))
        return {
            "errors": pd.concat(errors, ignore_index=True),
            "loops": pd.concat(loops, ignore_index=True),
            "kept": pd.DataFrame(kept),
        }

    return made


def variable_steps() -> Tables:
    """Two bounded errors and one that grows."""
    rates = {"stormer_verlet": 1e-2, "reversible_verlet": 1e-4, "naive_adaptive_verlet": 1e-4 * T}
    frames = [
        pd.DataFrame({"eccentricity": e, "method": m, "t": T, "error": e * rate + 0 * T})
        for e in (0.6, 0.9)
        for m, rate in rates.items()
    ]
    return {"errors": pd.concat(frames, ignore_index=True)}


def planet_costs() -> Tables:
    """Lines of the declared slopes; a splitting far below."""
    entries = [
        ("stormer_verlet", 2, False, 1e6),
        ("kahan_li_8", 8, False, 1e24),
        ("saba_2", 2, True, 1),
    ]
    rows = [
        (m, order, split, 1e5 / n, n, n, min(scale * n**-order, 50.0))
        for m, order, split, scale in entries
        for n in (100, 1000, 10_000)
    ]
    columns = ["method", "order", "split", "h", "steps", "evaluations", "error"]
    return {"errors": pd.DataFrame(rows, columns=columns)}


def run(
    methods: Sequence[str], axes: str = "xy", invariant: str = "energy"
) -> Callable[[], Tables]:
    """Circles of two sizes, and an error that grows with the number of the method."""

    def made() -> Tables:
        orbits, errors = [], []
        for number, method in enumerate(methods):
            for start in (0, 1):
                key = {"method": method, "h": 0.1, "start": start}
                circle = [np.cos(T), np.sin(T), 0 * T]
                places = {axis: (1 + start) / 2 * circle[k] for k, axis in enumerate(axes)}
                orbits.append(pd.DataFrame({**key, "t": T, **places}))
                error = 1e-3 * T**number
                errors.append(pd.DataFrame({**key, "invariant": invariant, "t": T, "error": error}))
        return {
            "orbits": pd.concat(orbits, ignore_index=True),
            "errors": pd.concat(errors, ignore_index=True),
        }

    return made


def observed(methods: Sequence[str], steps: Sequence[float], numbers: int) -> Callable[[], Tables]:
    """Quantities that oscillate about 1, 2, ..., beside errors of the energy."""

    def made() -> Tables:
        values, errors = [], []
        for method, h in zip(methods, steps, strict=True):
            key = {"method": method, "h": h, "start": 0}
            errors.append(
                pd.DataFrame(
                    {**key, "invariant": "energy", "t": T, "error": h + h * np.sin(T) ** 2}
                )
            )
            for k in range(numbers):
                frame = {**key, "quantity": "some", "number": k, "t": T, "value": k + h * np.sin(T)}
                values.append(pd.DataFrame(frame))
        return {
            "errors": pd.concat(errors, ignore_index=True),
            "observed": pd.concat(values, ignore_index=True),
        }

    return made


EULERS = ["explicit_euler", "implicit_euler", "symplectic_euler"]
GALLERY: dict[str, Callable[[], Tables]] = {
    "first_integrals_kepler": first_integrals(["energy", "angular_momentum"]),
    "first_integrals_henon_heiles": first_integrals(["energy"]),
    "variable_steps": variable_steps,
    "planet_costs": planet_costs,
    "lotka_volterra_orbits": run(EULERS),
    "rigid_body_sphere": run(["explicit_euler", "strang_3"], "xyz", "casimir"),
    "figure_eight_orbit": run(["rk4", "stormer_verlet", "mclachlan_8"]),
    "charged_particle_energy": run(["rk4", "boris"]),
    "argon_crystal": observed(["explicit_euler", *2 * ["stormer_verlet"]], [1e-5, 4e-5, 8e-5], 1),
    "toda_spectrum": observed(["explicit_midpoint", "rk4", "stormer_verlet"], [0.3, 0.1, 0.2], 3),
}
