"""TODO"""

from collections.abc import Sequence

import pandas as pd

from geoflow.ground.errors import InputError
from geoflow.theory.performance import SOLVED


def summarise_proofs(table: pd.DataFrame) -> dict[str, float]:
    return {
        "formula_gap": float((table["proved"] - table["formula"]).abs().max()),
        "disorder": float((table["linear"] - table["proved"]).max()),
        "failures": float((table["status"] != SOLVED).sum()),
        "unsolved": float((table["status"] != SOLVED).mean()),
    }


def check_grid(methods: Sequence[str], largest: float, count: int) -> None:
    if not methods or largest <= 0 or count < 2:
        raise InputError(
            "expected methods, a positive largest step and at least two values of it, got "
            f"{list(methods)}, {largest} and {count}."
        )
