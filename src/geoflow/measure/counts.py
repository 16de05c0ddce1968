"""Statistics of counts: confidence intervals of fractions, and the expected maximum of many counts."""

import numpy as np

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


def largest_poisson_count(mean: float, number: int) -> float:
    """Expected maximum of `number` independent Poisson counts with the given mean.

    E max = sum_(k >= 0) P(max > k) = sum_(k >= 0) (1 - F(k)^number), F the distribution function of one count.
    """
    from scipy.stats import poisson

    end = int(mean + 20 * np.sqrt(mean + 1) + 20 + 2 * np.log(max(number, 1)))
    k = np.arange(end)
    return float(-np.expm1(number * poisson.logcdf(k, mean)).sum())
