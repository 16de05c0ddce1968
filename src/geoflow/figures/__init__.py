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
    "stability_chebyshev": Figure("stability", ("stability_chebyshev",)),
    "harmonic_oscillator": Figure("oscillator", ("harmonic_oscillator",)),
    "kepler_orbits": Figure("orbits", ("kepler_orbits",)),
    "kepler_invariants": Figure("orbits", ("kepler_orbits",)),
    "kepler_drift": Figure("orbits", ("kepler_drift",)),
    "round_off": Figure("round_off", ("round_off",)),
    "round_off_long": Figure("round_off", ("round_off_long",)),
    "pendulum_density": Figure("density", ("pendulum_density",)),
    "pendulum_area": Figure("area", ("pendulum_area",)),
    "outer_solar_system": Figure("planets", ("outer_solar_system",)),
    "henon_heiles_sections": Figure("sections", ("henon_heiles_sections",)),
    "henon_heiles_control": Figure("sections", ("henon_heiles_sections",)),
    "henon_heiles_lyapunov": Figure("lyapunov", ("henon_heiles_lyapunov",)),
    "fput_energies": Figure("stiff_springs", ("fput_exchange", "fput_long")),
    "fput_resonance": Figure("stiff_springs", ("fput_resonance",)),
    "planet_costs": Figure("planet_costs", ("planet_costs",)),
    "first_integrals_kepler": Figure("first_integrals", ("first_integrals_kepler",)),
    "first_integrals_henon_heiles": Figure("first_integrals", ("first_integrals_henon_heiles",)),
    "variable_steps": Figure("variable_steps", ("variable_steps",)),
    "gallery_orbits": Figure(
        "gallery",
        (
            "lotka_volterra_orbits",
            "rigid_body_sphere",
            "figure_eight_orbit",
            "charged_particle_energy",
        ),
    ),
    "gallery_lattices": Figure("gallery", ("argon_crystal", "toda_spectrum")),
    "backward_error_pendulum": Figure("backward_error", ("backward_error_pendulum",)),
    "backward_error_kepler": Figure("backward_error", ("backward_error_kepler",)),
    "backward_error_remainder": Figure(
        "remainder", ("backward_error_pendulum", "backward_error_kepler")
    ),
    "worst_cases": Figure("worst_cases", ("worst_cases",)),
    "contractive_steps": Figure("contractive_steps", ("contractive_steps", "early_expansion")),
    "contraction_rates": Figure("contraction_rates", ("contraction_rates", "one_sided_growth")),
    "layer_constants": Figure("layer_constants", ("layer_constants",)),
    "expansion": Figure("expansion", ("expansion",)),
    "largest_steps": Figure("largest_steps", ("largest_steps",)),
    "counter_examples": Figure("counter_examples", ("counter_examples",)),
    "discs": Figure("discs", ("discs",)),
    "other_norms": Figure("norms", ("other_norms",)),
    "dissipation": Figure("dissipation", ("dissipation",)),
    "descent": Figure("descent", ("descent",)),
    "digits_robustness": Figure("robustness", ("digits_robustness",)),
    "digits_step_size": Figure("step_size", ("digits_step_size",)),
    "layer_bounds": Figure("layer_bounds", ("layer_bounds",)),
    "moons_expansion": Figure("expansion_map", ("moons_expansion",)),
    "digits_expansion": Figure("expansion_map", ("digits_expansion",)),
    "digits_depth_width": Figure("depth_width", ("digits_depth_width",)),
    "digits_denoising": Figure("denoising", ("digits_denoising",)),
    "fashion_denoising": Figure("denoising", ("fashion_denoising",)),
    "depth_limit": Figure("depth_limit", ("depth_limit",)),
    "digits_audit": Figure("audit", ("digits_audit",)),
    "digits_schemes": Figure("schemes", ("digits_schemes",)),
    "mnist_schemes": Figure("schemes", ("mnist_schemes",)),
    "digits_images": Figure("strips", ("digits_strips",)),
    "digits_strips": Figure("strips", ("digits_strips",)),
    "fashion_images": Figure("strips", ("fashion_strips",)),
    "fashion_strips": Figure("strips", ("fashion_strips",)),
    "learned_flow": Figure("learned_flow", ("learned_flow",)),
    "mass_preserving": Figure("conservation", ("mass_preserving",)),
    "vanishing_gradients": Figure("vanishing", ("vanishing_gradients",)),
    "fashion_robustness": Figure("robustness", ("fashion_robustness",)),
    "mnist_robustness": Figure("robustness", ("mnist_robustness",)),
    "fashion_table": Figure("robustness", ("fashion_table",)),
}
