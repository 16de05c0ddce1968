from dataclasses import field

from geoflow.ground.study import CONTROLS, NAMED, PROBLEMS, Study


class Catalogue(Study):
    """Declared, derived and measured properties of every method of the table.

    problems: problems to try first; a method is measured on the first suitable autonomous and the first suitable
    non-autonomous one; methods, controls: names, an empty list stands for all; end: end time of the measurement.
    disagreements: number of measured values that differ from declared or derived ones, per method and in total;
    controls_missed: number of controls without disagreements.
    """

    tables = {
        "catalogue": (
            "method control family declared order_conditions problem order driven "
            "not_driven order_driven symplectic symmetric symplecticity symmetry "
            "quadratic keeps_energy energy order_gap disagreements"
        )
    }
    summary = """
        {order,order_driven,order_gap,symplecticity,symmetry,disagreements}/<method|control> methods families unserved
        autonomous_only worst_order_gap worst_order_gap_extended highest_order disagreements controls controls_missed
        symplectic worst_symplecticity least_symplecticity_of_others symmetric worst_symmetry least_symmetry_of_others
        worst_quadratic
    """
    named = {**NAMED, "controls": CONTROLS}
    whole = (PROBLEMS,)
    problems: list[str]
    methods: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    end: float = 1.0
