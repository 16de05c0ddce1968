from geoflow.ground.study import Study


class ContractiveSteps(Study):
    """The largest step that is proved contractive over each class of right-hand sides, by bisection.

    classes: names of FIELDS; reach: how far beyond the bound 2 r the bisection begins; ratio: step / 2 r, with its
    extremes over the methods of finite positive r. A step is infinite if it is contractive even at the end.
    """

    tables = {"steps": "method class bound linear step status"}
    summary = "step/<class>/<method> ratio/<class>/<method> failures least_ratio largest_ratio"
    methods: list[str]
    classes: list[str]
    reach: float
    halvings: int
