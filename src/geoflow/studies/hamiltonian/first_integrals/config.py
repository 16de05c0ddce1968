from geoflow.ground.study import Entry, Study


class FirstIntegrals(Study):
    """Invariants over a long run, and the symplectic form in one step and on a loop of initial states.

    h, steps, every: step size, number of steps, steps between samples; loop_radius, loop_points, loop_steps: radius,
    number of points and number of steps of the loop.

    Errors are relative, in the summary the largest over all steps. loop: relative change of Poincare's integral
    invariant; symplecticity: largest entry of J^T W J - W of one step; keeps_energy, keeps_form, keeps_both: number of
    methods that preserve the energy to KEPT, the form to PRESERVED, or both.
    """

    tables = {
        "errors": "invariant t error method",
        "loops": "t change method",
        "kept": "method energy loop symplecticity symmetry angular_momentum?",
    }
    summary = """
        {<invariant>_error,energy_growth,loop,symplecticity,symmetry}/<method> methods keeps_{energy,form,both} steps
        time loop_time
    """
    problem: Entry
    methods: list[str]
    h: float
    steps: int
    every: int
    loop_radius: float
    loop_points: int
    loop_steps: int
