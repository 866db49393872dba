"""The interval of a share of files, for the benchmarks beside this file."""

from scipy.stats import beta

__all__ = ["interval"]


def interval(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, by Clopper and Pearson."""
    low = 0.0 if not count else float(beta.ppf(0.025, count, total - count + 1))
    high = 1.0 if count == total else float(beta.ppf(0.975, count + 1, total - count))
    return low, high
