"""What each test asks, in one line, for readers who do not know the suites by heart."""

__all__ = ["meaning_of"]

_MEANINGS = {
    "mtjlab": {
        "frequency": "Are ones as frequent as zeros?",
        "runs": "Does the bit change as often as it does by chance, given the number of ones?",
        "alternation": "Do neighbouring bits differ in half of the places?",
        "longest run": "Is the longest stretch of equal bits about as long as by chance?",
        "autocorrelation": "Do bits 1 to 64 places apart agree more or less often than by chance?",
        "drift": "Does the share of ones stay the same along the stream?",
        "strongest line": "Does the share of ones swing at some frequency, as with mains pick-up?",
        "P(1)": "Estimate of the share of ones, with its 95 % Wilson interval; it judges nothing.",
        "min-entropy": "Estimate from the most common value (SP 800-90B, 6.3.1); it judges nothing.",
    },
    "sp800-22": {
        "frequency": "Are ones as frequent as zeros?",
        "block_frequency": "Are ones as frequent as zeros in each block?",
        "cumulative_sums": "Does the walk of ±1 steps stay as near to zero as a fair one?",
        "runs": "Does the bit change as often as it does by chance?",
        "longest_run": "Are the longest runs of ones in blocks as long as by chance?",
        "rank": "Are matrices made of the bits as often singular as by chance?",
        "dft": "Are there periodic patterns, seen as peaks of the spectrum?",
        "non_overlapping_template": "Does each pattern of 9 bits without period come as often as by chance?",
        "overlapping_template": "Do runs of 9 ones, counted with overlap, come as often as by chance?",
        "universal": "Do patterns come back after distances that let the stream be compressed?",
        "approximate_entropy": "Do patterns of m and m + 1 bits come as often as by chance, one given the other?",
        "random_excursions": "Does the walk of ±1 steps visit each level as often as a fair one in each cycle?",
        "random_excursions_variant": "Does the walk of ±1 steps visit each level as often as a fair one in all?",
        "serial": "Do all patterns of m bits come equally often?",
        "linear_complexity": "Does a block need as long a shift register to make it as random bits do?",
    },
    "sp800-90b": {
        "most_common_value": "How often is the most common value guessed?",
        "collision": "How soon does a value come again?",
        "markov": "How likely is the most likely path, when a bit depends on the one before it?",
        "compression": "How well is the stream compressed by Maurer's method?",
        "t_tuple": "How often does the most common pattern of each length come?",
        "lrs": "How often do long patterns come again?",
        "multi_mcw": "How often does the most common value of a recent window guess the next?",
        "lag": "How often does the value some places before guess the next?",
        "multi_mmc": "How often does a Markov model, of many orders, guess the next?",
        "lz78y": "How often does a dictionary of earlier patterns guess the next?",
    },
}


def meaning_of(suite: str, test: str) -> str:
    """Say what a test asks.

    Parameters
    ----------
    suite
        ``mtjlab``, ``sp800-22`` or ``sp800-90b``.
    test
        Its name there.

    Returns
    -------
    str
        One line; for a test of another package, that it is one.
    """
    return _MEANINGS.get(suite, {}).get(test, "A test of another package: see its documentation.")
