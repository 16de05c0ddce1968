from dataclasses import field

from geoflow.ground.study import Entry, Study


class SideBySide(Study):
    """Comparison of fixed-step methods with an adaptive one: state and invariants.

    h: step size; steps: number of steps; y0: initial state (empty: the problem's own); adaptive_tolerance: atol of
    SciPy's RK45 with its default rtol 1e-3, sampled by its dense output; 0 omits it.

    error: |I - I_0|, of the first invariant in the table, and the largest of each invariant in the summary; change,
    least_change and most_change: I - I_0 at the end and its extremes; final/<method>/<component>: the final state;
    predicted_energy: |R(i omega h)|^(2 steps) H_0 with the stability function R, for Runge-Kutta methods on the
    harmonic oscillator; prediction_gap: relative difference of the final energy from it.
    """

    tables = {"states": "method t x y z? w? error"}
    summary = """
        {,least_,most_}<invariant>_change/{<method>,rk45} {final_<invariant>,<invariant>_error}/{<method>,rk45}
        final/{<method>,rk45}/<component> steps/{<method>,rk45} evaluations/rk45
        {predicted_energy,prediction_gap}/<method>
    """
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    adaptive_tolerance: float = 1e-2
    y0: list[float] = field(default_factory=list)
