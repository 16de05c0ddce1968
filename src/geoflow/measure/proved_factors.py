"""Summary of factors that were proved on a grid of steps."""

import pandas as pd

from geoflow.theory.performance import SOLVED


def summarise_proofs(table: pd.DataFrame) -> dict[str, float]:
    """formula_gap: the largest |proved - formula|; disorder: the largest linear - proved, which should not be positive;
    failures of the solver, and their share `unsolved`."""
    failed = table["status"] != SOLVED
    return {
        "formula_gap": float((table["proved"] - table["formula"]).abs().max()),
        "disorder": float((table["linear"] - table["proved"]).max()),
        "failures": float(failed.sum()),
        "unsolved": float(failed.mean()),
    }
