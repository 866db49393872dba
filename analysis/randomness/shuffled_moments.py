"""Mean and variance of an autocovariance when the order of the bits is pure chance."""

from __future__ import annotations

__all__ = ["shuffled_moments"]


def shuffled_moments(n: int, ones: int, lag: int) -> tuple[float, float]:
    """Return mean and variance of T = Σ y_i y_(i+lag) over all orders of the bits, each as likely as the other.

    Parameters
    ----------
    n
        Number of bits, at least 4.
    ones
        Ones among them.
    lag
        Distance of the two factors, 1 to n - 1.

    Notes
    -----
    y is a bit less the mean of all bits, so Σ y = 0. That fixes the mean of a product of y at two, three or four
    different places through S2 = Σ y² and S4 = Σ y⁴; the squared sum is then counted by how many places its two
    products share. Exact for every n. Moran (1948) did it for lag 1, Dufour and Roy, J. Econometrics 29, 257 (1985)
    for every lag.
    """
    share = ones / n
    second = n * share * (1 - share)
    fourth = second * (1 - 3 * share * (1 - share))
    pairs = n - lag
    # Products y_i y_(i+lag) and y_(i+lag) y_(i+2 lag) share one place.
    chained = 2 * max(0, n - 2 * lag)
    apart = pairs * pairs - pairs - chained
    same = (second**2 - fourth) / (n * (n - 1))
    one_shared = (2 * fourth - second**2) / (n * (n - 1) * (n - 2))
    none_shared = 3 * (second**2 - 2 * fourth) / (n * (n - 1) * (n - 2) * (n - 3))
    mean = -pairs * second / (n * (n - 1))
    square = pairs * same + chained * one_shared + apart * none_shared
    return mean, square - mean**2
