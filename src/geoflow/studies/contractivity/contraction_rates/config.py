"""What the study `contraction_rates` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class ContractionRates(Study):
    """The proved contraction factor over mu-strongly convex potentials and over quadratics; mu in units of L."""

    tables = {"rates": "method hL linear proved formula status"}
    summary = """
        linear_until/<method> best/<method> best_step/<method> best_per_stage/<method> formula_gap disorder failures
        unsolved
    """
    methods: list[str]
    mu: float
    largest: float
    count: int
