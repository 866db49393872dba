"""The two continuous health tests of SP 800-90B: for a source that is stuck, and for one that has lost entropy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.health.entropy_claim import EntropyClaim

__all__ = ["AdaptiveProportion", "Alarm", "HealthTests", "RepetitionCount"]


class RepetitionCount:
    """Alarm when one value comes too many times in a row.

    Counting starts again after an alarm, so a source that stays stuck alarms once every `cutoff` bits.

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
        # The first run may continue from the bits before.
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


@dataclass(frozen=True)
class Alarm:
    """One alarm of a health test."""

    test: str
    """Which test: ``repetition count`` or ``adaptive proportion``."""
    bit: int
    """Index, in the whole stream, of the bit at which its cutoff was reached."""
    cutoff: int
    """The cutoff."""

    def __str__(self) -> str:
        """Say it in words, as ``repetition count: 41 equal bits up to bit 1,234``."""
        what = "equal bits in a row" if self.test == "repetition count" else "bits like the first of a window"
        return f"{self.test}: {self.cutoff} {what}, reached at bit {self.bit:,}"


class HealthTests:
    """Watch a stream for a stuck source and for lost entropy.

    Parameters
    ----------
    claim
        Assessed entropy and false-alarm probability.

    Notes
    -----
    NIST SP 800-90B, section 4.4: both tests run all the time, and their alarms are handled at once.
    """

    def __init__(self, claim: EntropyClaim | None = None) -> None:
        self.claim = claim if claim is not None else EntropyClaim()
        """What the cutoffs come from."""
        self.repetition_count = RepetitionCount(self.claim)
        """The test for a stuck source."""
        self.adaptive_proportion = AdaptiveProportion(self.claim)
        """The test for lost entropy."""
        self.bits = 0
        """Bits watched so far."""

    def update(self, bits: NDArray[np.uint8]) -> list[Alarm]:
        """Take the next bits of the stream and return the alarms they raise, in the order of the bits.

        Parameters
        ----------
        bits
            0 and 1, shape (N,), the ones that follow those of the last call.

        Returns
        -------
        list of Alarm
            The alarms, in the order of the bits.
        """
        alarms = [
            Alarm(name, self.bits + int(index), test.cutoff)
            for name, test in (
                ("repetition count", self.repetition_count),
                ("adaptive proportion", self.adaptive_proportion),
            )
            for index in test.update(bits)
        ]
        self.bits += bits.size
        return sorted(alarms, key=lambda alarm: alarm.bit)
