from geoflow.ground.study import Study


class ContractionRates(Study):
    """The proved contraction factor over the class `fields`, and over linear problems, for `count` values of h up to
    `largest`; formula: a closed form, if one is known.

    fields: convex, the mu-strongly convex potentials, mu and h in units of L and 1/L; linear is the worst quadratic. Or
    one_sided, all fields with the one-sided Lipschitz constant -mu, mu = 1, so that h is h mu; linear is
    sup |R(z)| over Re z <= -h mu, attained on its boundary.

    linear_until: largest h of the grid up to which linear problems are the worst case; nonlinear: largest proved -
    linear; best, best_step: smallest factor over the grid, and its h; best_per_stage: its s-th root, s the number of
    evaluations per step of an explicit method; for the other keys see `summarise_proofs`.
    """

    tables = {"rates": "method h linear proved formula status"}
    summary = "{linear_until,nonlinear,best,best_step,best_per_stage}/<method> formula_gap disorder failures unsolved"
    methods: list[str]
    mu: float
    largest: float
    count: int
    fields: str = "convex"
