"""What the study `exchange` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Entry, Study


@dataclass
class Run:
    """A method, and its step size times omega."""

    method: str
    h_omega: float


@dataclass
class Exchange(Study):
    """Oscillatory energies of a chain with stiff springs.

    interval: between kept states, a multiple of all steps; reference,
    reference_h_omega: the run that the energies are measured against, up to the time `compared`.
    """

    tables = {"energies": "method h_omega t spring energy"}
    summary = """
        energy/<method>/<h_omega> oscillatory/<method>/<h_omega>
        exchange_error/<method>/<h_omega> transfer/<method>/<h_omega> speed/<method>/<h_omega>
        growth/<method>/<h_omega> kept/<method>/<h_omega> overflow/<method>/<h_omega>
    """
    problem: Entry
    runs: list[Run]
    time: float
    interval: float
    reference: str
    reference_h_omega: float
    compared: float
