"""The studies, one folder each, in the chapters of the course; and the table of figures.

`studies/<chapter>/<study>/` holds `config.py` (what the study takes and returns), `study.py` with
`study(asked, tools) -> Answer`, and `figure.py`. A study is found by its folder. FIGURES is the literal
table of all figures: the function that draws, and the experiments whose results it is given, in that
order. Importing this package costs nothing: the Snakefile does.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from geoflow.ground.study import Study

PACKAGE = "geoflow.studies"
CHAPTERS = ("convergence", "hamiltonian", "contractivity", "robust")


@dataclass(frozen=True)
class Figure:
    """draws: "chapter.study.module:function" in this package; experiments: whose results it is given."""

    draws: str
    experiments: tuple[str, ...]

    @property
    def module(self) -> str:
        """The module that draws it."""
        return f"{PACKAGE}.{self.draws.partition(':')[0]}"

    @property
    def function(self) -> str:
        """The function in that module, `(*results: Results) -> matplotlib.figure.Figure`."""
        return self.draws.partition(":")[2]


@cache
def find_studies() -> dict[str, type[Study]]:
    """ "chapter/study" -> its class in `config.py`, for every folder that has one."""
    found = {}
    for chapter in CHAPTERS:
        for path in sorted((Path(__file__).parent / chapter).glob("*/config.py")):
            name = path.parent.name
            module = import_module(f"{PACKAGE}.{chapter}.{name}.config")
            found[f"{chapter}/{name}"] = getattr(module, class_name(name))
    return found


def class_name(study: str) -> str:
    """The name of the class of a study: `planet_costs` -> `PlanetCosts`."""
    return "".join(part.capitalize() for part in study.split("_"))


def module_of(study: str) -> str:
    """The module that computes the study "chapter/name"."""
    return f"{PACKAGE}.{study.replace('/', '.')}.study"


FIGURES: dict[str, Figure] = {
    "order_pendulum": Figure("convergence.order.figure:draw", ("order_pendulum",)),
    "order_kepler": Figure("convergence.order.figure:draw", ("order_kepler",)),
    "order_henon_heiles": Figure("convergence.order.figure:draw", ("order_henon_heiles",)),
    "order_driven_pendulum": Figure("convergence.order.figure:draw", ("order_driven_pendulum",)),
    "work_kepler": Figure("convergence.order.figure:draw_work", ("order_kepler",)),
    "catalogue_orders": Figure("convergence.catalogue.figure:draw", ("catalogue",)),
    "work_precision": Figure("convergence.work.figure:draw", ("work_kepler", "work_pendulum", "work_henon_heiles")),
    "stability_regions": Figure("convergence.regions.figure:draw", ("stability_explicit", "stability_implicit")),
    "stability_chebyshev": Figure("convergence.regions.figure:draw", ("stability_chebyshev",)),
    "harmonic_oscillator": Figure("hamiltonian.side_by_side.figure:draw", ("harmonic_oscillator",)),
    "course_integrators": Figure(
        "hamiltonian.side_by_side.figure:draw",
        ("sir_model", "free_rigid_body", "symplectic_hamiltonian", "lotka_volterra_gradients"),
    ),
    "projection_steps": Figure("hamiltonian.gallery.figure:draw_projection", ("projection_steps",)),
    "kepler_orbits": Figure("hamiltonian.orbits.figure:draw", ("kepler_orbits",)),
    "kepler_invariants": Figure("hamiltonian.orbits.figure:draw_invariants", ("kepler_orbits",)),
    "kepler_drift": Figure("hamiltonian.orbits.figure:draw_drift", ("kepler_drift",)),
    "round_off": Figure("hamiltonian.round_off.figure:draw", ("round_off",)),
    "round_off_long": Figure("hamiltonian.round_off.figure:draw", ("round_off_long",)),
    "pendulum_area": Figure("hamiltonian.area.figure:draw", ("pendulum_area",)),
    "outer_solar_system": Figure("hamiltonian.planets.figure:draw", ("outer_solar_system",)),
    "henon_heiles_sections": Figure("hamiltonian.sections.figure:draw", ("henon_heiles_sections",)),
    "henon_heiles_control": Figure("hamiltonian.sections.figure:draw_control", ("henon_heiles_sections",)),
    "henon_heiles_lyapunov": Figure("hamiltonian.lyapunov.figure:draw", ("henon_heiles_lyapunov",)),
    "fput_energies": Figure("hamiltonian.exchange.figure:draw", ("fput_exchange", "fput_long")),
    "fput_resonance": Figure("hamiltonian.resonances.figure:draw", ("fput_resonance",)),
    "planet_costs": Figure("hamiltonian.planet_costs.figure:draw", ("planet_costs",)),
    "first_integrals_kepler": Figure("hamiltonian.first_integrals.figure:draw", ("first_integrals_kepler",)),
    "first_integrals_henon_heiles": Figure(
        "hamiltonian.first_integrals.figure:draw", ("first_integrals_henon_heiles",)
    ),
    "variable_steps": Figure("hamiltonian.variable_steps.figure:draw", ("variable_steps",)),
    "gallery_orbits": Figure(
        "hamiltonian.gallery.figure:draw",
        ("lotka_volterra_orbits", "rigid_body_sphere", "figure_eight_orbit", "charged_particle_energy"),
    ),
    "gallery_lattices": Figure("hamiltonian.gallery.figure:draw_lattices", ("argon_crystal", "toda_spectrum")),
    "backward_error_pendulum": Figure("hamiltonian.modified_hamiltonian.figure:draw", ("backward_error_pendulum",)),
    "backward_error_kepler": Figure("hamiltonian.modified_hamiltonian.figure:draw", ("backward_error_kepler",)),
    "backward_error_remainder": Figure(
        "hamiltonian.modified_hamiltonian.figure:draw_remainder", ("backward_error_pendulum", "backward_error_kepler")
    ),
    "worst_cases": Figure("contractivity.worst_cases.figure:draw", ("worst_cases",)),
    "contractive_steps": Figure(
        "contractivity.contractive_steps.figure:draw", ("contractive_steps", "early_expansion")
    ),
    "contraction_rates": Figure(
        "contractivity.contraction_rates.figure:draw", ("contraction_rates", "one_sided_growth")
    ),
    "expansion": Figure("contractivity.expansion.figure:draw", ("expansion",)),
    "largest_steps": Figure("contractivity.largest_steps.figure:draw", ("largest_steps",)),
    "counter_examples": Figure("contractivity.counter_examples.figure:draw", ("counter_examples",)),
    "discs": Figure("contractivity.discs.figure:draw", ("discs",)),
    "other_norms": Figure("contractivity.norms.figure:draw", ("other_norms",)),
    "dissipation": Figure("contractivity.dissipation.figure:draw", ("dissipation",)),
    "descent": Figure("contractivity.descent.figure:draw", ("descent",)),
    "digits_robustness": Figure("robust.robustness.figure:draw", ("digits_robustness",)),
    "digits_arithmetic": Figure("robust.arithmetic.figure:draw", ("digits_arithmetic",)),
    "digits_step_size": Figure("robust.step_size.figure:draw", ("digits_step_size",)),
    "moons_expansion": Figure("robust.expansion_maps.figure:draw", ("moons_expansion",)),
    "digits_expansion": Figure("robust.expansion_maps.figure:draw", ("digits_expansion",)),
    "digits_denoising": Figure("robust.denoising.figure:draw", ("digits_denoising",)),
    "fashion_denoising": Figure("robust.denoising.figure:draw", ("fashion_denoising",)),
    "depth_limit": Figure("robust.depth_limit.figure:draw", ("depth_limit",)),
    "digits_audit": Figure("robust.audit.figure:draw", ("digits_audit",)),
    "digits_schemes": Figure("robust.schemes.figure:draw", ("digits_schemes",)),
    "mnist_schemes": Figure("robust.schemes.figure:draw", ("mnist_schemes",)),
    "digits_images": Figure("robust.strips.figure:draw_images", ("digits_strips",)),
    "digits_strips": Figure("robust.strips.figure:draw", ("digits_strips",)),
    "fashion_images": Figure("robust.strips.figure:draw_images", ("fashion_strips",)),
    "fashion_strips": Figure("robust.strips.figure:draw", ("fashion_strips",)),
    "mass_preserving": Figure("robust.conservation.figure:draw", ("mass_preserving",)),
    "learned_flow": Figure("robust.learned_flow.figure:draw", ("learned_flow",)),
    "learning_hamiltonian": Figure("robust.learned_flow.figure:draw_hamiltonian", ("learning_hamiltonian",)),
    "mass_preserving_course": Figure("robust.conservation.figure:draw_segments", ("mass_preserving_course",)),
    "vanishing_gradients": Figure("robust.vanishing.figure:draw", ("vanishing_gradients",)),
    "point_separation": Figure("robust.vanishing.figure:draw", ("point_separation",)),
    "fashion_robustness": Figure("robust.robustness.figure:draw", ("fashion_robustness",)),
    "mnist_robustness": Figure("robust.robustness.figure:draw", ("mnist_robustness",)),
    "fashion_table": Figure("robust.robustness.figure:draw", ("fashion_table",)),
}
