"""Confidence intervals of fractions."""

from geoflow.ground import InputError


def clopper_pearson(found: int, among: int, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a probability from `found` successes in `among` trials (ClopperPearson1934).

    Its coverage probability is at least `confidence`.
    """
    from scipy.stats import binomtest

    if not 0 <= found <= among or among < 1:
        raise InputError(f"expected 0 <= found <= trials and trials >= 1, got {found} of {among}.")
    interval = binomtest(found, among).proportion_ci(confidence, method="exact")
    return float(interval.low), float(interval.high)
