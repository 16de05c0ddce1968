"""Synthetic result folders: made-up numbers with the columns of the real ones, to draw from."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import synthetic_chaos
import synthetic_contraction
import synthetic_networks
import synthetic_orbits
import synthetic_orders
from synthetic_gallery import GALLERY

from geoflow.ground.results import write_tables

SYNTHETIC = {"scale": "default", "commit": "synthetic", "config": "0", "code": "0"}

VALUES = {
    "problem": {"name": "kepler"},
    "bins": 16,
    "highest": 2.0,
    "control": {"label": "free_last_layer"},
    "schemes": ["explicit_euler", "rk4_38", "implicit_midpoint"],
    "dataset": {"name": "digits"},
}


TABLES: dict[str, Callable[[], dict[str, pd.DataFrame]]] = {
    "order_pendulum": synthetic_orders.orders,
    "order_kepler": synthetic_orders.orders,
    "order_henon_heiles": synthetic_orders.orders,
    "order_driven_pendulum": synthetic_orders.orders,
    "catalogue": synthetic_orders.catalogue,
    "work_kepler": synthetic_orders.works,
    "work_pendulum": synthetic_orders.works,
    "work_henon_heiles": synthetic_orders.works,
    "stability_explicit": synthetic_orders.modulus,
    "stability_implicit": synthetic_orders.modulus,
    "harmonic_oscillator": synthetic_orbits.states,
    "kepler_orbits": synthetic_orbits.orbits,
    "kepler_drift": synthetic_orbits.orbits,
    "round_off": synthetic_orbits.walks,
    "round_off_long": synthetic_orbits.walks,
    "pendulum_density": synthetic_orbits.densities,
    "pendulum_area": synthetic_orbits.area,
    "outer_solar_system": synthetic_orbits.planets,
    "henon_heiles_sections": synthetic_chaos.sections,
    "henon_heiles_lyapunov": synthetic_chaos.exponents,
    "fput_exchange": synthetic_chaos.springs,
    "fput_long": synthetic_chaos.springs,
    "fput_resonance": synthetic_chaos.resonances,
    "expansion": lambda: {
        "expansion": synthetic_contraction.expansions()["expansion"],
        "marks": synthetic_contraction.expansions()["steps"],
    },
    "largest_steps": lambda: {"steps": synthetic_contraction.expansions()["steps"]},
    "counter_examples": synthetic_contraction.pairs,
    "discs": synthetic_contraction.shrinking_discs,
    "other_norms": synthetic_contraction.norms,
    "dissipation": synthetic_contraction.rates,
    "descent": synthetic_contraction.errors_of_optimisers,
    "backward_error_pendulum": synthetic_orders.modified_hamiltonians,
    "backward_error_kepler": synthetic_orders.modified_hamiltonians,
    "digits_robustness": synthetic_networks.robustness,
    "digits_step_size": synthetic_networks.step_sizes,
    "digits_audit": synthetic_networks.budgets,
    "digits_schemes": synthetic_networks.schemes,
    "digits_strips": synthetic_networks.pictures,
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
