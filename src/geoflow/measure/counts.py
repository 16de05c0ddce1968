"""What chance does to counts: intervals of fractions, and the largest of many counts."""

import numpy as np

from geoflow.ground import InputError


def clopper_pearson(found: int, among: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval for the probability of which `found` of `among` trials were seen (ClopperPearson1934).

    It covers the true probability at least as often as `confidence` says.
    """
    from scipy.stats import binomtest

    if not 0 <= found <= among or among < 1:
        raise InputError(f"expected 0 <= found <= trials and trials >= 1, got {found} of {among}.")
    interval = binomtest(found, among).proportion_ci(confidence, method="exact")
    return float(interval.low), float(interval.high)


def largest_poisson_count(mean: float, number: int) -> float:
    """The expected value of the largest of `number` independent Poisson counts with the given mean.

    E max = sum over k >= 0 of P(max > k) = sum of 1 - F(k)^number, F the distribution function of one count.
    """
    from scipy.stats import poisson

    end = int(mean + 20 * np.sqrt(mean + 1) + 20 + 2 * np.log(max(number, 1)))
    k = np.arange(end)
    return float(-np.expm1(number * poisson.logcdf(k, mean)).sum())
