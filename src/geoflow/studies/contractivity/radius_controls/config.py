from geoflow.ground.study import Study


class RadiusControls(Study):
    """Expansion at the bound 2 r and 1 % above it, proved and searched, for methods with a finite positive radius.

    Columns, all for the factor minus one: at_bound, above: proved (`worst_case`); at_bound_searched, above_searched:
    two computed steps on a potential on R^`dimension`; above_staged: proved over V(t, x), which can be a different
    potential at each stage. flaw, status: the worst of the three programs. nodes_alone: r is finite only because of
    nodes that differ from the row sums; such a method does not expand on a potential without time.

    least_caught, least_caught_searched: minimum over the methods that are not nodes_alone; most_nodes_alone: maximum
    over those that are; the other extremes are over all. short: maximum of above - above_searched; disorder: its
    minimum with opposite sign. Unsolved programs and failed searches count as not caught.
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
