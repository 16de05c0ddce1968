"""What the study `worst_cases` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import METHODS, POTENTIALS, Entry, Study


@dataclass
class WorstCases(Study):
    """Largest expansion of a step over convex potentials: linear, sampled, searched and proved, against h L.

    potentials, points, implicit_points: what is sampled, as in `expansion`; dimension, restarts: of the search.
    """

    tables = {"worst": "method place hL linear sampled searched proved gap flaw status"}
    summary = """
        disorder short gap flaw failures unsolved programs unfound at_bound/<method> just_above/<method>
        just_above_searched/<method> least_caught least_caught_searched most_at_bound
    """
    named = {"methods": METHODS, "potentials": POTENTIALS}
    methods: list[str]
    largest: float
    count: int
    potentials: list[Entry]
    points: int
    implicit_points: int
    dimension: int
    restarts: int
    seed: int
