"""The table of problems. To add one, add a file and a line here."""

from geoflow.ground import Table
from geoflow.problems.abc_flow import abc_flow, swaying_abc_flow
from geoflow.problems.argon_crystal import argon_crystal
from geoflow.problems.charged_particle import betatron, charged_particle
from geoflow.problems.double_pendulum import double_pendulum
from geoflow.problems.duffing import duffing
from geoflow.problems.figure_eight import figure_eight
from geoflow.problems.fput import fput
from geoflow.problems.harmonic_oscillator import harmonic_oscillator
from geoflow.problems.henon_heiles import henon_heiles
from geoflow.problems.kepler import kepler
from geoflow.problems.kepler_with_clock import gylden_with_clock, kepler_with_clock
from geoflow.problems.lotka_volterra import lotka_volterra
from geoflow.problems.outer_solar_system import outer_solar_system
from geoflow.problems.outer_solar_system_jacobi import outer_solar_system_jacobi
from geoflow.problems.painleve import painleve
from geoflow.problems.pendulum import driven_pendulum, pendulum, spring_and_pendulum
from geoflow.problems.perturbed_kepler import perturbed_kepler, perturbed_kepler_split
from geoflow.problems.point_vortices import point_vortices
from geoflow.problems.problem import Problem, make_problem, textbook
from geoflow.problems.restricted_three_body import restricted_three_body
from geoflow.problems.rigid_body import breathing_body, rigid_body
from geoflow.problems.sir import sir
from geoflow.problems.time_transformed import kepler_transformed, time_transformed
from geoflow.problems.toda import toda

__all__ = ["PROBLEMS", "Problem", "make_problem", "textbook", "time_transformed"]

PROBLEMS: Table[Problem] = Table(
    "problem",
    {
        "harmonic_oscillator": harmonic_oscillator(),
        "pendulum": pendulum(),
        "driven_pendulum": driven_pendulum(),
        "spring_and_pendulum": spring_and_pendulum(),
        "double_pendulum": double_pendulum(),
        "duffing": duffing(),
        "kepler": kepler(),
        "kepler_with_clock": kepler_with_clock(),
        "kepler_transformed": kepler_transformed(),
        "perturbed_kepler": perturbed_kepler(),
        "perturbed_kepler_split": perturbed_kepler_split(),
        "henon_heiles": henon_heiles(),
        "restricted_three_body": restricted_three_body(),
        "figure_eight": figure_eight(),
        "outer_solar_system": outer_solar_system(),
        "outer_solar_system_jacobi": outer_solar_system_jacobi(),
        "argon_crystal": argon_crystal(),
        "fput": fput(),
        "toda": toda(),
        "lotka_volterra": lotka_volterra(),
        "rigid_body": rigid_body(),
        "point_vortices": point_vortices(),
        "charged_particle": charged_particle(),
        "abc_flow": abc_flow(),
        "sir": sir(),
        # non-autonomous problems: time is an argument or a component of the state
        "painleve": painleve(),
        "gylden_with_clock": gylden_with_clock(),
        "breathing_body": breathing_body(),
        "betatron": betatron(),
        "swaying_abc_flow": swaying_abc_flow(),
    },
    own="PROBLEMS",
)
