from geoflow.ground.study import Study
from geoflow.studies.contractivity import Field


class Norms(Study):
    """Largest non-expansive steps in l1, l2 and l-infinity, beside C h_FE, and logarithmic norms.

    mu: sampled maximum of the logarithmic norm; quotient: (|derivative of Euler's step| - 1) / h at a tiny step, and
    quotient_gap their largest difference in units of L; euler: h_FE L by search; ssp: C; bound: C h_FE L;
    radius_bound: 2 r beta L in l2; first_expansion (key first): NaN if none is found up to `largest`; violations: 1 for
    an expansion within the bound.
    """

    tables = {
        "logarithmic": "field norm mu quotient euler",
        "steps": "field norm method ssp bound radius_bound first_expansion worst violations",
    }
    summary = "{mu,euler}/<field>/<norm> {bound,first,worst}/<field>/<norm>/<method> violations quotient_gap"
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    seed: int
