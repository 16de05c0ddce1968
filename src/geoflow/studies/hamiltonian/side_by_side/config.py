from dataclasses import field

from geoflow.ground.study import Entry, Study


class SideBySide(Study):
    """Methods of fixed step beside an adaptive one: the state, and what becomes of the invariants.

    h: step size; steps: number of steps; y0: initial state (empty: the problem's own); adaptive_tolerance: atol of
    SciPy's RK45, whose rtol is its default, 1e-3, and which is sampled by its dense output; 0 leaves it out.

    error: |I - I_0|, in the table of the first invariant, as a key the largest, of each; change, least_change and
    most_change: I - I_0 at the end and its extremes; final/<method>/<component>: the last state. For Runge-Kutta
    methods on the harmonic oscillator, predicted_energy: |R(i omega h)|^(2 steps) H_0 with the stability function R;
    prediction_gap: how far the final energy is from that, relative to it.
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
