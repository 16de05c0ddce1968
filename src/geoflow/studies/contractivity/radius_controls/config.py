from geoflow.ground.study import Study


class RadiusControls(Study):
    """Expansion at the bound 2 r and 1 % above it, proved and searched, of methods with a finite positive radius.

    Columns, all of the factor less one: at_bound, above: proved (`worst_case`); at_bound_searched, above_searched: of
    two steps that were taken, on a potential on R^`dimension`; above_staged: proved over V(t, x), which may be another
    potential at each stage. flaw, status: the worst of the three programs. nodes_alone: r is finite only because of
    nodes that are no row sums; a potential without time cannot make such a method expand.

    least_caught, least_caught_searched: over the methods that are not nodes_alone, most_nodes_alone over those that
    are, the other extremes over all; short: the largest above - above_searched, disorder its least with the sign
    changed. What is not solved or found is not caught.
    """

    tables = {
        "controls": (
            "method bound nodes_alone at_bound at_bound_searched above above_searched above_staged flaw status unsolved"
        )
    }
    summary = """
        most_at_bound most_at_bound_searched least_caught least_caught_searched least_caught_staged short disorder
        flaw failures programs count count_nodes_alone most_nodes_alone
        {bound,at_bound,above,above_searched,above_staged}/<method>
    """
    methods: list[str]
    dimension: int
