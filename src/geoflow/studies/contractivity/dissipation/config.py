from geoflow.ground.study import Entry, Study


class Dissipation(Study):
    """The energy V along `steps` steps of a gradient flow, from `starts` points at `distance` from the minimiser, for
    h L in geometric progression.

    rate: largest (V' - V*) / (V - V*) of a step, `slowest` over all h L; bound: proved bound of the rate, NaN if there
    is none; increases: number of steps on which V increases; unsolved: number of starts with a failed solve;
    above_bound: number of rates above their bound.
    """

    tables = {"rates": "method hL bound rate increases unsolved"}
    summary = "increases/<method> unsolved/<method> slowest/<method> above_bound"
    potential: Entry
    methods: list[str]
    smallest: float
    largest: float
    count: int
    steps: int
    starts: int
    distance: float
    seed: int
