"""Problems as pages of a textbook, in a literal table. Adding one is a file and a line here."""

from geoflow.problems.fput import fput
from geoflow.problems.harmonic_oscillator import harmonic_oscillator
from geoflow.problems.henon_heiles import henon_heiles
from geoflow.problems.kepler import kepler
from geoflow.problems.lotka_volterra import lotka_volterra
from geoflow.problems.outer_solar_system import outer_solar_system
from geoflow.problems.pendulum import driven_pendulum, pendulum
from geoflow.problems.problem import Problem, make_problem, textbook
from geoflow.problems.rigid_body import rigid_body
from geoflow.registry import Table

__all__ = ["PROBLEMS", "Problem", "make_problem", "textbook"]

PROBLEMS: Table[Problem] = Table(
    "problem",
    {
        "harmonic_oscillator": harmonic_oscillator(),
        "pendulum": pendulum(),
        "driven_pendulum": driven_pendulum(),
        "kepler": kepler(),
        "henon_heiles": henon_heiles(),
        "outer_solar_system": outer_solar_system(),
        "fput": fput(),
        "lotka_volterra": lotka_volterra(),
        "rigid_body": rigid_body(),
    },
)
