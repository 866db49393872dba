"""The adaptive proportion test: a source that has lost entropy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.health.entropy_claim import EntropyClaim

__all__ = ["AdaptiveProportion"]


class AdaptiveProportion:
    """Alarm when the first value of a window comes too often in it.

    Parameters
    ----------
    claim
        Assessed entropy and false-alarm probability.
    window
        Bits a window; the standard has 1024 for binary sources.

    Notes
    -----
    NIST SP 800-90B, section 4.4.2: the cutoff is 1 + CRITBINOM(W, 2⁻ᴴ, 1 - α); windows do not overlap.

    Examples
    --------
    >>> AdaptiveProportion(EntropyClaim(entropy=1.0)).cutoff
    625
    """

    def __init__(self, claim: EntropyClaim, window: int = 1024) -> None:
        # scipy.stats takes more than a second to import, and only a running stream needs it.
        from scipy.stats import binom

        self.window = window
        """Bits a window."""
        self.cutoff = 1 + int(binom.isf(claim.false_alarm, window, claim.most_likely))
        """Number of bits like the first one that alarms, the first one included."""
        self._rest = np.empty(0, np.uint8)

    def update(self, bits: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Take the next bits of the stream.

        Parameters
        ----------
        bits
            0 and 1, shape (N,), the ones that follow those of the last call.

        Returns
        -------
        ndarray of int64
            Index into `bits` of the bit that reached the cutoff, for each window that did. A window is judged when
            its last bit has come, so the index is negative where the bit came with an earlier call.
        """
        before = self._rest.size
        stream = np.concatenate([self._rest, bits])
        whole = stream.size // self.window
        windows = stream[: whole * self.window].reshape(whole, self.window)
        self._rest = stream[whole * self.window :].copy()
        same = windows == windows[:, :1]
        bad = np.flatnonzero(same.sum(axis=1) >= self.cutoff)
        reached = (np.cumsum(same[bad], axis=1) >= self.cutoff).argmax(axis=1)
        return np.asarray(bad * self.window + reached - before, np.int64)
