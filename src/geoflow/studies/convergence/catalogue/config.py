from dataclasses import field

from geoflow.ground.study import CONTROLS, NAMED, PROBLEMS, Study


class Catalogue(Study):
    """Every method of the table: declared, derived, measured.

    problems: where to measure, before the others: the first that serves, one that is autonomous and one that is not;
    methods, controls: all where the list is empty; end: until when. disagreements: counts where measured differs from
    declared or derived, as a key without a name over all methods; controls_missed: the controls without any.
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
