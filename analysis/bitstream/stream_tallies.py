"""One pass over a stream: all that is counted, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mtjlab.analysis.bitstream.averaged_spectrum import SegmentTally
from mtjlab.analysis.bitstream.block_entropy import WordTally
from mtjlab.analysis.bitstream.drift import AllanTally
from mtjlab.analysis.bitstream.lags import LagTally
from mtjlab.analysis.bitstream.not_applicable import NotApplicable, or_reason, there
from mtjlab.analysis.bitstream.packed_pieces import packed_pieces
from mtjlab.analysis.bitstream.periodogram import Spectrum, spectrum_of_share
from mtjlab.analysis.bitstream.recorded_conditions import Stretches
from mtjlab.analysis.bitstream.runs import RunTally
from mtjlab.analysis.bitstream.share_of_ones import bias_of_counts, bits_to_see, smallest_bias_seen
from mtjlab.analysis.bitstream.state_transitions import Transitions, TransitionTally
from mtjlab.analysis.bitstream.steps import change_points
from mtjlab.analysis.bitstream.stream_results import StreamPhysics
from mtjlab.analysis.bitstream.toggled_junction import ToggledJunction
from mtjlab.analysis.bitstream.windows import Windows, WindowTally
from mtjlab.core import Bits, InputError, Progress

__all__ = ["StreamTallies"]

MOST_WINDOWS = 4096
"""Windows in which P(1) is looked at for change points, and drawn."""


class StreamTallies:
    """Everything that is counted in one pass over a stream.

    Parameters
    ----------
    lags
        Largest lag of the autocorrelation.
    begins_up
        Whether the junction was up before the first bit.
    """

    def __init__(self, lags: int, *, begins_up: bool) -> None:
        self.bits = self.ones = 0
        self.transitions = TransitionTally(begins_up=begins_up)
        self.runs, self.lags, self.words = RunTally(), LagTally(lags), WordTally()
        self.windows, self.allan, self.segments = WindowTally(), AllanTally(), SegmentTally()

    def take(
        self, parts: Iterable[Bits], progress: Progress = lambda done, total: None, total: int | None = None
    ) -> None:
        """Count all bits.

        Parameters
        ----------
        parts
            The bits in order, in parts of any size.
        progress
            Called with the bits that are done and all there are.
        total
            Bits that there are; None where it is not known: then as many as are done.
        """
        tallies = (self.transitions, self.runs, self.lags, self.words, self.windows, self.allan, self.segments)
        for piece in packed_pieces(parts):
            self.bits += len(piece)
            self.ones += piece.ones()
            for tally in tallies:
                tally.add(piece)
            progress(self.bits, total or self.bits)

    def result(self, period: float | None, level: float, stretches: Stretches | None = None) -> StreamPhysics:
        """Give all results.

        Parameters
        ----------
        period
            Time from bit to bit [s]; None where it is not known.
        level
            Chance of a false alarm of each question.
        stretches
            Blocks of the recording that the bits came from, with their times.

        Raises
        ------
        InputError
            If there was no bit.
        """
        bias = bias_of_counts(self.ones, self.bits)
        transitions = or_reason(self.transitions.result)
        junction = _junction(transitions)
        # Bits that know more than a state are no junction's: then their variance is taken as that of independent ones.
        factor = 1.0
        if isinstance(junction, ToggledJunction) and isinstance(transitions, Transitions):
            factor = junction.variance_factor if transitions.memory.p_value >= level else 1.0
        fine = or_reason(lambda: self._fine_windows(period, factor, stretches))
        windows = or_reason(lambda: there(fine).joined(MOST_WINDOWS))
        even = stretches is None or not isinstance(fine, Windows) or fine.time_unit == "pulse"
        spectrum = or_reason(lambda: spectrum_of_share(there(fine if even else windows), level=level))
        above = spectrum.frequencies[-1] if isinstance(spectrum, Spectrum) else 0.0
        return StreamPhysics(
            bits=self.bits,
            ones=self.ones,
            period=period,
            level=level,
            bias=bias,
            bits_to_see_bias=bits_to_see(bias.value) if bias.value else NotApplicable("P(1) is one half exactly"),
            smallest_bias=smallest_bias_seen(self.bits),
            transitions=transitions,
            junction=junction,
            runs=or_reason(self.runs.result),
            autocorrelation=or_reason(self.lags.result),
            entropy=or_reason(self.words.entropy),
            byte_counts=or_reason(self.words.bytes),
            windows=windows,
            steps=or_reason(lambda: change_points(there(windows), level=level)),
            allan=or_reason(lambda: self.allan.result(factor)),
            spectrum=spectrum,
            fast_spectrum=self._fast_spectrum(period, float(above), factor, level),
            correlations={name: NotApplicable("the bits came without it") for name in ("resistance", "temperature")},
        )

    def _fine_windows(self, period: float | None, factor: float, stretches: Stretches | None) -> Windows:
        size, ones = self.windows.size, self.windows.ones
        if not ones.size:
            raise InputError(f"{self.bits} bits: windows over time need at least {size}")
        starts = size * np.arange(ones.size)
        times = starts.astype(np.float64) * (1.0 if period is None else period)
        unit = "pulse" if period is None else "s"
        if stretches is not None and stretches.rises:
            times = stretches.times(starts)
        return Windows(ones, np.full(ones.size, size), times, unit, factor)

    def _fast_spectrum(
        self, period: float | None, above: float, factor: float, level: float
    ) -> Spectrum | NotApplicable:
        return or_reason(lambda: self.segments.result(period, above=above, variance_factor=factor, level=level))


def _junction(found: Transitions | NotApplicable) -> ToggledJunction | NotApplicable:
    if isinstance(found, NotApplicable):
        return found
    if not all(found.visits):
        return NotApplicable("the junction was in one state all the time")
    return or_reason(lambda: ToggledJunction(found.p_ud.value, found.p_du.value))
