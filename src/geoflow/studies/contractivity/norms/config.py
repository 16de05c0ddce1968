"""What the study `norms` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import METHODS, Study
from geoflow.studies.contractivity.fields import Field


@dataclass
class Norms(Study):
    """Largest non-expansive steps in l1, l2 and l-infinity, and logarithmic norms."""

    tables = {
        "logarithmic": "field norm mu quotient euler",
        "steps": "field norm method ssp bound radius_bound first_expansion worst violations",
    }
    summary = """
        mu/<field>/<norm> euler/<field>/<norm> bound/<field>/<norm>/<method> first/<field>/<norm>/<method>
        worst/<field>/<norm>/<method> violations quotient_gap
    """
    named = {"methods": METHODS}
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    seed: int
