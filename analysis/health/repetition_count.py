"""The repetition count test: a source that is stuck."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.health.entropy_claim import EntropyClaim

__all__ = ["RepetitionCount"]


class RepetitionCount:
    """Alarm when one value comes too many times in a row.

    Counting starts anew after an alarm, so a source that stays stuck alarms once every `cutoff` bits.

    Parameters
    ----------
    claim
        Assessed entropy and false-alarm probability.

    Notes
    -----
    NIST SP 800-90B, section 4.4.1: the cutoff is C = 1 + ⌈-log2(α)/H⌉.

    Examples
    --------
    >>> RepetitionCount(EntropyClaim(entropy=1.0)).cutoff
    41
    """

    def __init__(self, claim: EntropyClaim) -> None:
        # The slack keeps a quotient that is whole, but for rounding, from becoming the next number.
        self.cutoff = 1 + math.ceil(claim.bits_of_surprise / claim.entropy - 1e-9)
        """Length of a run that alarms."""
        self._value = -1
        self._length = 0

    def update(self, bits: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Take the next bits of the stream.

        Parameters
        ----------
        bits
            0 and 1, shape (N,), the ones that follow those of the last call.

        Returns
        -------
        ndarray of int64
            Index into `bits` of each bit that alarmed.
        """
        if not bits.size:
            return np.empty(0, np.int64)
        starts = np.flatnonzero(np.diff(bits)) + 1
        starts = np.concatenate([[0], starts])
        lengths = np.diff(np.append(starts, bits.size))
        # The first run may go on from the bits before.
        carried = self._length if bits[0] == self._value else 0
        starts[0] -= carried
        lengths[0] += carried
        alarms = self._alarms(starts, lengths, carried)
        self._value = int(bits[-1])
        self._length = int(lengths[-1]) % self.cutoff
        return alarms

    def _alarms(self, starts: NDArray[np.int64], lengths: NDArray[np.int64], carried: int) -> NDArray[np.int64]:
        found = [
            starts[run] + self.cutoff * np.arange(1, lengths[run] // self.cutoff + 1) - 1
            for run in np.flatnonzero(lengths >= self.cutoff)
        ]
        return np.concatenate(found) if found else np.empty(0, np.int64)
