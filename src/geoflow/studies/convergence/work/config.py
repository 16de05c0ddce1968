from dataclasses import field

from geoflow.ground.study import Entry, Study


class Work(Study):
    """Error over a time span against the number of evaluations, and the cost of a given accuracy.

    steps: numbers of steps, from coarse to fine; time: length of the span (0: the problem's own);
    accuracy: relative error at which costs are compared; methods: names, an empty list stands for all applicable ones.
    evaluations: in `costs` and in the summary those needed for `accuracy`, infinite if no run reaches it;
    order_of_cheapest: declared order of the method with the fewest evaluations.
    """

    tables = {"errors": "h steps error evaluations method family", "costs": "method family declared evaluations"}
    summary = "evaluations/<method> methods reached fewest_evaluations order_of_cheapest"
    problem: Entry
    steps: list[int]
    accuracy: float
    methods: list[str] = field(default_factory=list)
    time: float = 0.0
