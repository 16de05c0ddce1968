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
    "expansion": Figure("expansion", ("expansion",)),
    "largest_steps": Figure("largest_steps", ("largest_steps",)),
    "counter_examples": Figure("counter_examples", ("counter_examples",)),
    "discs": Figure("discs", ("discs",)),
    "other_norms": Figure("norms", ("other_norms",)),
    "dissipation": Figure("dissipation", ("dissipation",)),
    "descent": Figure("descent", ("descent",)),
    "digits_robustness": Figure("robustness", ("digits_robustness",)),
    "digits_step_size": Figure("step_size", ("digits_step_size",)),
    "fashion_robustness": Figure("robustness", ("fashion_robustness",)),
    "mnist_robustness": Figure("robustness", ("mnist_robustness",)),
}
