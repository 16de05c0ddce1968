from dataclasses import dataclass

from geoflow.ground.study import Entry, Study


@dataclass
class Oscillator(Study):
    """The harmonic oscillator in its phase plane: orbits that spiral out, spiral in, or close.

    h: step size; steps: number of steps; adaptive_tolerance: atol of the adaptive method beside them, SciPy's RK45.
    energy_error: |H - H_0|, as a key the largest; predicted_energy: of a Runge-Kutta method |R(i omega h)|^(2 steps)
    H_0 with the stability function R; prediction_gap: how far the final energy is from that, relative to it.
    """

    tables = {"states": "method t q p energy_error"}
    summary = """
        energy_error/<method> final_energy/<method> steps/<method> predicted_energy/<method> prediction_gap/<method>
        energy_error/rk45 final_energy/rk45 steps/rk45
    """
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    adaptive_tolerance: float = 1e-2
