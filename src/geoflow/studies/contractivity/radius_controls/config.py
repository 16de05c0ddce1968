"""What the study `radius_controls` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class RadiusControls(Study):
    """Expansion at the bound 2 r and 1 % above it, proved and searched, of methods with a finite positive radius.

    dimension: of the space in which the search takes place.
    """

    tables = {
        "controls": (
            "method bound nodes_alone at_bound at_bound_searched above above_searched "
            "above_staged flaw status unsolved"
        )
    }
    summary = """
        most_at_bound most_at_bound_searched least_caught least_caught_searched least_caught_staged short disorder
        flaw failures programs count count_nodes_alone most_nodes_alone bound/<method> at_bound/<method>
        above/<method> above_searched/<method> above_staged/<method>
    """
    methods: list[str]
    dimension: int
