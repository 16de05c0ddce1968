from geoflow.ground.study import Study


class EarlyExpansion(Study):
    """Worst expansion minus one at small steps of methods without a contractivity radius: found by a search and
    proved, for `count` values of h L in geometric progression; formula: the closed form of the explicit midpoint rule.

    tolerance: resolution of a proved excess, due to the solver; formula_gap: for RESOLVED <= h L <= 3;
    smallest_searched: at the smallest h L; power: slope of log searched against log h L over the lower half.
    """

    tables = {"early": "method hL searched proved formula status"}
    summary = "failures tolerance formula_gap smallest_searched/<method> power/<method>"
    methods: list[str]
    smallest: float
    largest: float
    count: int
    dimension: int
    restarts: int
    seed: int
