"""What the study `early_expansion` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class EarlyExpansion(Study):
    """The worst expansion at small steps of methods without a contractivity radius."""

    tables = {"early": "method hL searched proved formula status"}
    summary = "failures tolerance formula_gap smallest_searched/<method> power/<method>"
    methods: list[str]
    smallest: float
    largest: float
    count: int
    dimension: int
    restarts: int
    seed: int
