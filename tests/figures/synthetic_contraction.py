"""Made-up tables of gradient flows."""

import numpy as np
import pandas as pd


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
