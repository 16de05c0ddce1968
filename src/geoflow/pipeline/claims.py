"""Each claim of an experiment, held against the summary of its run: one row of `claims.parquet`.

sentence: what to say when it fails, else empty. A quantity that the summary lacks is a failed claim.
"""

import math
from collections.abc import Mapping
from typing import Any

from geoflow.ground import nearest


def judge(experiment: str, claim: Mapping[str, Any], summary: Mapping[str, float]) -> dict[str, Any]:
    """One row: the value of the claim's quantity and whether it lies where it is claimed to."""
    below, above = claim["below"], claim["above"]
    value = summary.get(claim["quantity"], math.nan)
    # Written so that NaN fails: it is neither less nor more than anything.
    holds = (below is None or value < below) and (above is None or value > above)
    sentence = ""
    if claim["quantity"] not in summary:
        hint = nearest(claim["quantity"], summary)
        sentence = f"the results have no quantity {claim['quantity']!r}; {hint}"
    elif not holds:
        sentence = f"expected {claim['quantity']} {limits(claim)}, got {value:.6g}."
    return {
        "experiment": experiment,
        **{key: claim[key] for key in ("name", "text", "quantity")},
        "value": value,
        "below": math.nan if below is None else below,
        "above": math.nan if above is None else above,
        "holds": holds,
        "sentence": sentence,
    }


def limits(claim: Mapping[str, Any]) -> str:
    """The thresholds in words: below 2 and above 1."""
    return " and ".join(f"{word} {claim[word]:.12g}" for word in ("below", "above") if claim[word] is not None)
