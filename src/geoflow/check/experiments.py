"""Checks of experiments: the values of a file in `config/` compared with its study, the figures and the report.

Nothing is run. Existing results are compared with their digests and with the claims.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from math import inf, isnan
from pathlib import Path
from typing import Any

from geoflow.check.findings import Finding
from geoflow.ground import InputError, Results, nearest
from geoflow.ground.complete import NAME, faults
from geoflow.own import FOLDER
from geoflow.pipeline import numbers
from geoflow.pipeline.claims import judge, limits
from geoflow.pipeline.compose import Experiment, compose, scales_of
from geoflow.pipeline.quantities import check_quantity
from geoflow.pipeline.run import code
from geoflow.pipeline.source import SOURCE, find_file, read
from geoflow.pipeline.whole import RESULTS, TRACKED, Findings
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES, find_studies

# Last words of quantities with a known range -> their description, smallest and largest value.
SHARES = ("a share", 0.0, 1.0)
SIZES = ("an error or a number of things", 0.0, inf)
RANGES = dict.fromkeys(("share", "certified", "clean", "claims"), SHARES) | dict.fromkeys(
    ("error", "failures", "violations", "unsolved", "disagreements", "increases", "missed", "steps"), SIZES
)
REPORT = Path("report")
MACRO = re.compile(r"\\(result|setting)(?:\[\w+\])?\{([^}]*)\}\{([^}#\\]*)\}")


def check_experiment(name: str) -> list[Finding]:
    """Check an experiment: one row for the values, each claim, each figure, the report and the results per scale."""
    try:
        composed = [compose(name, scale) for scale in scales_of(experiment_files()[name])]
    except InputError as error:
        return [Finding("values", wrong=str(error))]
    first = composed[0]  # the default scale if it exists there, as in the report
    values = Finding("values", f"{first.stage}/{first.study}", f"composed at {', '.join(x.scale for x in composed)}")
    found = [_results(one) for one in composed]
    judged = [row for one, (_, summary) in zip(composed, found, strict=True) for row in _judged(one, summary)]
    return [values, *claims(composed, judged), *figures(name), *report(first), *(row for row, _ in found)]


def claims(composed: Sequence[Experiment], judged: Sequence[Mapping[str, Any]] = ()) -> Iterator[Finding]:
    """Check each claim with the results of all scales."""
    for name, claim in {claim["name"]: claim for one in composed for claim in one.claims}.items():
        rows = [row for row in judged if row["name"] == name]
        failed = [f"claim {name} fails at scale {row['scale']}: {row['sentence']}" for row in rows if not row["holds"]]
        measured = ", ".join(f"{row['value']:.4g} at {row['scale']}" for row in rows)
        wrong = "; ".join(filter(None, [idle_threshold(claim), *failed]))
        yield Finding(f"claim {name}", f"{claim['quantity']} {limits(claim)}", "", measured, wrong)


def _judged(one: Experiment, summary: Mapping[str, float] | None) -> list[dict[str, Any]]:
    """Evaluate the claims on the results of one scale; empty without results."""
    return [] if summary is None else [{"scale": one.scale, **judge(one.name, claim, summary)} for claim in one.claims]


def idle_threshold(claim: Mapping[str, Any]) -> str:
    """Error message if a threshold is satisfied by every value in the range of the quantity, or by none; else empty."""
    below, above = claim["below"], claim["above"]
    word = claim["quantity"].partition("/")[0].rpartition("_")[2]
    kind, low, high = RANGES.get(word, ("a number", -inf, inf))
    said, start = f"it is {kind}, from {low:g} to {high:g}; choose a threshold inside", f"claim {claim['name']}"
    if below is not None and above is not None and not above < below:
        return f"{start} can never hold: expected above less than below, got above {above:g} and below {below:g}."
    for side, limit, never, always in (
        ("below", below, below is not None and below <= low, below is not None and (below > high or below == inf)),
        ("above", above, above is not None and above >= high, above is not None and (above < low or above == -inf)),
    ):
        if never or always or (limit is not None and isnan(limit)):
            verdict = "cannot fail" if always else "can never hold"
            return f"{start} {verdict}: expected {claim['quantity']} {side} {limit:g}, but {said}."
    return ""


def figures(name: str) -> Iterator[Finding]:
    """Check the figures that use the results of the experiment, or of a nonexistent one with a similar name: the
    drawing function and all experiments must exist."""
    known = experiment_files()
    for figure, one in FIGURES.items():
        unknown = [other for other in one.experiments if other not in known]
        if name not in one.experiments and not any(get_close_matches(other, [name]) for other in unknown):
            continue
        path, wrong = find_file(one.module), ""
        if path is None:
            wrong = f"expected a module {one.module}, found none"
        elif one.function not in (parts := read(path, SOURCE).parts):
            wrong = f"{path.name} has no function {one.function!r}; {nearest(one.function, parts)}"
        if unknown:
            wrong = f"there is no experiment {unknown[0]!r}; {nearest(unknown[0], known)}"
        where = f"figure {figure} in {FOLDER if one.draws.startswith('own.') else 'src/geoflow/studies'}/figures.yaml: "
        yield Finding(f"figure {figure}", one.draws, "", "", where + wrong if wrong else "")


def report(one: Experiment) -> Iterator[Finding]:
    r"""Check that every \result of the experiment is a quantity and every \setting a value; one more row per fault."""
    study, known = find_studies()[f"{one.stage}/{one.study}"], {"scale", "threads", *dict(numbers.settings(one.values))}
    shown = []
    for path in sorted(REPORT.rglob("*.tex")):
        if one.name in (text := path.read_text()):
            text = re.sub(r"(?<!\\)%.*", "", text)
            shown += [(path, macro, key) for macro, name, key in MACRO.findall(text) if name == one.name]
    if shown:
        yield Finding("report", f"{len(shown)} numbers")
    for path, macro, key in dict.fromkeys(shown):
        try:
            if macro == "result":
                check_quantity(study, one.values, key, rf"{path}: \result")
            elif key not in known:
                raise InputError(rf"{path}: \setting: the experiment has no value {key!r}; {nearest(key, known)}")
        except InputError as error:
            yield Finding(f"report {key}", wrong=str(error))


def _results(one: Experiment) -> tuple[Finding, Mapping[str, float] | None]:
    """Check that the results at a scale are complete and belong to these values and this code; returns the summary."""
    row, made = f"results at {one.scale}", RESULTS / one.scale / one.name
    findings, kept = Findings(), TRACKED / one.scale / one.name
    findings.check_results(made, one, lambda: code(f"{one.stage}/{one.study}", one.values))
    if (made / NAME).exists() or findings.wrong:
        wrong, words, folder = " ".join(findings.sentences()), "whole and current", made
    elif kept.is_dir():
        try:
            damaged = faults(kept)
        except InputError as error:
            return Finding(row, wrong=str(error)), None
        wrong = "; ".join(f"{kept / name} is {why}: try git checkout {kept}" for name, why in damaged.items())
        words, folder = "tracked and whole", kept
    else:
        return Finding(row, "", "", "none"), None
    return Finding(row, "", "", "" if wrong else words, wrong), None if wrong else Results(folder).summary
