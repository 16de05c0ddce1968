from geoflow.ground.study import Entry, Study


class WorstCases(Study):
    """Largest expansion of a step over convex potentials: linear, sampled, searched and proved, against h L.

    potentials, points, implicit_points: sampled potentials and numbers of samples, as in `expansion`; dimension,
    restarts: dimension of the searched potentials and number of starts; largest, count: `count` equidistant values of
    h L up to `largest` and, for a method with finite positive radius r, also 2 r and 1 % above it (column place).

    linear: max |R(-z)| over z in [0, h L], the worst case of quadratics; sampled: largest ratio over random points;
    searched: over all convex potentials on R^dimension; proved: in any dimension. disorder: largest of sampled,
    searched and linear minus proved (at most the solver's tolerance); short: largest proved - searched; gap, flaw: of
    the proofs; failures: unsolved among `programs`; unsolved: their fraction; unfound: searches without a result;
    at_bound, just_above: excess over one at and above 2 r, with minimum and maximum over the methods.
    """

    tables = {"worst": "method place hL linear sampled searched proved gap flaw status"}
    summary = """
        disorder short gap flaw failures unsolved programs unfound at_bound/<method> just_above/<method>
        just_above_searched/<method> least_caught least_caught_searched most_at_bound
    """
    methods: list[str]
    largest: float
    count: int
    potentials: list[Entry]
    points: int
    implicit_points: int
    dimension: int
    restarts: int
    seed: int
