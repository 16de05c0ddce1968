from geoflow.ground.study import Study


class ContractionRates(Study):
    """The proved contraction factor over mu-strongly convex potentials, and over quadratics (`linear`), for `count`
    values of h L up to `largest`; mu in units of L; formula: a closed form, if one is known.

    linear_until: largest h L of the grid up to which quadratics are the worst case; best, best_step: smallest
    factor over the grid, and its h L; best_per_stage: its s-th root, s the number of gradient evaluations per step of
    an explicit method; for the other keys see `summarise_proofs`.
    """

    tables = {"rates": "method hL linear proved formula status"}
    summary = "{linear_until,best,best_step,best_per_stage}/<method> formula_gap disorder failures unsolved"
    methods: list[str]
    mu: float
    largest: float
    count: int
