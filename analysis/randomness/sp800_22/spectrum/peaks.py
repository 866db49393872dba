"""How many peaks of a spectrum lie below a threshold, by the fastest way that is sure."""

from __future__ import annotations

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.spectrum.in_float32 import peaks_below_in_float32
from mtjlab.analysis.randomness.sp800_22.spectrum.in_float64 import peaks_below_in_float64
from mtjlab.analysis.randomness.sp800_22.spectrum.on_disk import peaks_below_on_disk, why_not_on_disk

__all__ = ["peaks_below", "why_no_spectrum"]


def why_no_spectrum(sequence: BitSequence) -> str:
    """Say why the spectrum of a sequence cannot be computed, and what can; nothing if it can."""
    return why_not_on_disk(sequence.length) if isinstance(sequence, LongSequence) else ""


def peaks_below(sequence: BitSequence, threshold: float) -> int:
    """Count the frequencies 0 to n/2 - 1 whose power is below a threshold.

    Parameters
    ----------
    sequence
        n bits, each a step of -1 or 1.
    threshold
        Power: the square of the amplitude of the Fourier transform without a factor.

    Returns
    -------
    int
        The count: exact but for powers that float64 cannot tell from the threshold.

    Raises
    ------
    InputError
        If `why_no_spectrum` says why.
    """
    if isinstance(sequence, LongSequence):
        return peaks_below_on_disk(sequence, threshold)
    return sum(_below(piece, threshold) for piece in sequence.pieces())


def _below(sequence: PackedSequence, threshold: float) -> int:
    below = peaks_below_in_float32(sequence, threshold)
    return peaks_below_in_float64(sequence, threshold) if below is None else below
