from geoflow.ground.study import Study


class ContractiveSteps(Study):
    """The largest step that is proved contractive over each class of right-hand sides, by bisection.

    classes: names in FIELDS; reach: upper end of the bisection in units of the bound 2 r. ratio: step / 2 r, with its
    extremes over the methods with finite positive r. A step is infinite if the upper end is contractive.
    """

    tables = {"steps": "method class bound linear step status"}
    summary = "step/<class>/<method> ratio/<class>/<method> failures least_ratio largest_ratio"
    methods: list[str]
    classes: list[str]
    reach: float
    halvings: int
