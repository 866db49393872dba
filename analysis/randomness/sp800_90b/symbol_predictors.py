"""The window and the lag predictor of SP 800-90B on symbols of several bits."""

from __future__ import annotations

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_90b.prediction import follow_winner

__all__ = ["guess_symbols_by_lag", "guess_symbols_by_windows"]

LAGS = 128


@part
def _mode(counts: NDArray[np.int32], latest: NDArray[np.int64]) -> int:
    """Return the most common symbol, of equally common ones the latest."""
    found = 0
    for symbol in range(1, counts.size):
        if counts[symbol] > counts[found] or (counts[symbol] == counts[found] and latest[symbol] > latest[found]):
            found = symbol
    return found


@kernel
def guess_symbols_by_windows(symbols: NDArray[np.uint8], alphabet: int) -> NDArray[np.int64]:
    """Guess each symbol from the most common one of the last 63, 255, 1023 and 4095; return the scoreboard's state.

    Notes
    -----
    NIST SP 800-90B, section 6.3.7: of equally common symbols the one that came last is the guess.
    """
    sizes = np.array([63, 255, 1023, 4095])
    counts, modes, latest = np.zeros((4, alphabet), np.int32), np.zeros(4, np.int64), np.full(alphabet, -1, np.int64)
    right, scores, rivals = np.zeros(4, np.uint64), np.zeros(4, np.int64), np.empty(4, np.int64)
    state = np.zeros(4, np.int64)
    n = symbols.size
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        right[:] = uint64(0)
        for i in range(start, stop):
            symbol = symbols[i]
            latest[symbol] = i
            for j in range(4):
                mine, mode = counts[j], modes[j]
                mine[symbol] += 1
                if i >= sizes[j]:
                    right[j] |= uint64(mode == symbol) << uint64(i - start)
                    gone = symbols[i - sizes[j]]
                    mine[gone] -= 1
                    if gone == mode and gone != symbol:
                        modes[j] = _mode(mine, latest)
                        continue
                if mine[symbol] >= mine[mode]:
                    modes[j] = symbol
        follow_winner(right, stop - start, scores, rivals, state)
    return state


@kernel
def guess_symbols_by_lag(symbols: NDArray[np.uint8], alphabet: int) -> NDArray[np.int64]:
    """Guess each symbol to be the one 1 to 128 places before; return the state of the scoreboard.

    Notes
    -----
    NIST SP 800-90B, section 6.3.8. Only the places where the same symbol stood are visited.
    """
    before, latest = np.full(LAGS, -1, np.int64), np.full(alphabet, -1, np.int64)  # `before` is a ring
    right, scores, rivals = np.zeros(LAGS, np.uint64), np.zeros(LAGS, np.int64), np.empty(LAGS, np.int64)
    state = np.zeros(4, np.int64)
    n = symbols.size
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        right[:] = uint64(0)
        for i in range(start, stop):
            symbol = symbols[i]
            place = latest[symbol]
            while place >= 0 and i - place <= LAGS:
                right[i - place - 1] |= uint64(1) << uint64(i - start)
                if i - place == LAGS:
                    break
                place = before[place % LAGS]
            before[i % LAGS] = latest[symbol]
            latest[symbol] = i
        follow_winner(right, stop - start, scores, rivals, state)
    return state
