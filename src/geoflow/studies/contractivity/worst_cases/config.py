from geoflow.ground.study import Entry, Study


class WorstCases(Study):
    """Largest expansion of a step over convex potentials: linear, sampled, searched and proved, against h L.

    potentials, points, implicit_points: what is sampled, as in `expansion`; dimension, restarts: of the search. h L
    runs over `count` equidistant values up to `largest` and, for a method with a finite positive radius r, is also 2 r
    and 1 % above it (column place). linear: max |R(-z)| over z in [0, h L], all that quadratics can do; sampled: the
    largest ratio over random points; searched: over all convex potentials on R^dimension; proved: in any dimension.

    disorder: the largest of sampled, searched and linear minus proved (at most the solver's tolerance); short: the
    largest proved - searched; gap, flaw: of the proofs; failures of the solver among `programs`, and their share
    `unsolved`; unfound: searches without a result; at_bound, just_above: the excess over one at and above 2 r, with the
    least and most over the methods.
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
