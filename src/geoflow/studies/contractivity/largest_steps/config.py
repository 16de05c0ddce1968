from dataclasses import dataclass

from geoflow.ground.study import Study
from geoflow.studies.contractivity import Field


@dataclass
class LargestSteps(Study):
    """The step from which on a method is found to expand, beside the bound 2 r and the linear one.

    smallest, largest, count: h L is searched between these, the starts lie on `count` steps in geometric progression;
    points, implicit_points: starts per step of a search, for explicit and for implicit methods; repeats: searches with
    different seeds, at most, until the smallest step was found repeatedly; checked: share of the pairs of field and
    method that an independent search with ten times the points tries again; controls: how many of these pairs are
    measured with the weak probe, too.

    bound: 2 r beta L; gradient_bound: 2 r; first_expansion: not a number if none is found; at_most: 1 if it is the
    smallest step that was searched, so that the true one may be smaller; worst: the largest ratio; just_above: the
    ratio 1 % above a finite positive bound; violations, gradient_violations: 1 for an expansion within the bound.

    Summary over gradients (fields without skew): earliest: the first expansion on any; violations; methods_finite:
    methods of finite positive radius, attained: those that expand within 2 % of 2 r; methods_zero: those of radius
    zero, early_share: the share found to expand below 99 % of the linear bound; methods_stable: B-stable ones,
    stable_worst: over those. Over the other fields: skew_violations, skew_gradient_violations. pairs: of a field and a
    method that is not B-stable; censored: pairs with `at_most`; the rest: see `summarise_checks`.
    """

    tables = {
        "steps": (
            "field method skew bound gradient_bound linear first_expansion at_most worst "
            "just_above violations gradient_violations"
        ),
        "checks": "field method first_expansion independent weak",
    }
    summary = """
        bound/<field>/<method> linear/<field>/<method> first_expansion/<field>/<method> at_most/<field>/<method>
        worst/<field>/<method> just_above/<field>/<method> earliest/<method> violations skew_violations
        skew_gradient_violations methods_finite attained methods_zero early_share methods_stable stable_worst pairs
        censored checked found_earlier earlier_share most_earlier controls weak_found_earlier
    """
    fields: list[Field]
    methods: list[str]
    smallest: float
    largest: float
    count: int
    points: int
    implicit_points: int
    repeats: int
    checked: float
    controls: int
    seed: int
