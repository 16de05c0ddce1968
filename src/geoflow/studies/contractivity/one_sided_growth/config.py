from geoflow.ground.study import Study


class OneSidedGrowth(Study):
    """The proved factor of implicit methods over all fields with the one-sided Lipschitz constant -mu, against h mu.

    linear: sup |R(z)| over Re z <= -h mu, attained on its boundary; formula: a closed form, if one is known;
    nonlinear: largest proved - linear; for the other keys see `summarise_proofs`.
    """

    tables = {"growth": "method hmu linear proved formula status"}
    summary = "nonlinear/<method> formula_gap disorder failures unsolved"
    methods: list[str]
    largest: float
    count: int
