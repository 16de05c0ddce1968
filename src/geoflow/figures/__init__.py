"""Figures draw what result files hold: no figure integrates or trains.

FIGURES is the literal table of all of them. A figure is one module with

    draw(data, name) -> matplotlib.figure.Figure

where `data[experiment]` is a `geoflow.results.Results`, and one line here; several figures may
share a module. `python -m geoflow.figures NAME` draws one. Importing this module costs nothing: the
Snakefile does.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """module: the part of `geoflow.figures` that draws it; experiments: whose results it reads."""

    module: str
    experiments: tuple[str, ...]


FIGURES: dict[str, Figure] = {
    "order_pendulum": Figure("orders", ("order_pendulum",)),
    "order_kepler": Figure("orders", ("order_kepler",)),
    "order_henon_heiles": Figure("orders", ("order_henon_heiles",)),
    "order_driven_pendulum": Figure("orders", ("order_driven_pendulum",)),
    "work_kepler": Figure("orders", ("order_kepler",)),
    "catalogue_orders": Figure("catalogue", ("catalogue",)),
    "work_precision": Figure("work", ("work_kepler", "work_pendulum", "work_henon_heiles")),
    "stability_regions": Figure("stability", ("stability_explicit", "stability_implicit")),
    "harmonic_oscillator": Figure("oscillator", ("harmonic_oscillator",)),
    "kepler_orbits": Figure("orbits", ("kepler_orbits",)),
    "kepler_invariants": Figure("orbits", ("kepler_orbits",)),
    "pendulum_area": Figure("area", ("pendulum_area",)),
    "outer_solar_system": Figure("planets", ("outer_solar_system",)),
    "backward_error_pendulum": Figure("backward_error", ("backward_error_pendulum",)),
    "backward_error_kepler": Figure("backward_error", ("backward_error_kepler",)),
    "expansion": Figure(
        "expansion",
        (
            "expansion_quadratic",
            "expansion_log_cosh",
            "expansion_huber",
            "expansion_logistic",
            "expansion_softplus_network",
        ),
    ),
    "digits_robustness": Figure("robustness", ("digits_robustness",)),
    "digits_step_size": Figure("step_size", ("digits_step_size",)),
    "layer_bounds": Figure("layer_bounds", ("layer_bounds",)),
    "moons_expansion": Figure("expansion_map", ("moons_expansion",)),
    "digits_expansion": Figure("expansion_map", ("digits_expansion",)),
    "digits_depth_width": Figure("depth_width", ("digits_depth_width",)),
    "digits_denoising": Figure("denoising", ("digits_denoising",)),
    "fashion_denoising": Figure("denoising", ("fashion_denoising",)),
    "depth_limit": Figure("depth_limit", ("depth_limit",)),
    "learned_flow": Figure("learned_flow", ("learned_flow",)),
    "mass_preserving": Figure("conservation", ("mass_preserving",)),
    "vanishing_gradients": Figure("vanishing", ("vanishing_gradients",)),
    "fashion_robustness": Figure("robustness", ("fashion_robustness",)),
    "mnist_robustness": Figure("robustness", ("mnist_robustness",)),
}
