"""What the study `contraction_theory` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class ContractionTheory(Study):
    """Radius, bound, linear interval and what decides them, of every Runge-Kutta method."""

    tables = {
        "theory": ("method order given stages smallest_weight radius bound linear a_stable verdict")
    }
    summary = """
        radius/<method> bound/<method> linear/<method> smallest_weight/<method> count/<verdict> methods reducible
        reducible_gap naive_gap above_linear a_stable_without
    """
    methods: list[str]
