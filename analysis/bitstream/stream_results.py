"""What is found of a bitstream, in one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtjlab.analysis.bitstream.block_entropy import ByteCounts, ConditionalEntropy
from mtjlab.analysis.bitstream.correlations import Correlation
from mtjlab.analysis.bitstream.drift import AllanDeviation
from mtjlab.analysis.bitstream.lags import Correlogram
from mtjlab.analysis.bitstream.not_applicable import NotApplicable
from mtjlab.analysis.bitstream.periodogram import Spectrum
from mtjlab.analysis.bitstream.runs import RunLengths
from mtjlab.analysis.bitstream.state_transitions import Transitions
from mtjlab.analysis.bitstream.steps import Steps
from mtjlab.analysis.bitstream.toggled_junction import ToggledJunction
from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import Quantity

__all__ = ["StreamPhysics"]


@dataclass(frozen=True, eq=False, kw_only=True)
class StreamPhysics:
    """What a physicist asks of a bitstream; where bits are too few or all equal, `NotApplicable` with the reason."""

    bits: int
    """Number of bits."""

    ones: int
    """Ones among them."""

    period: float | None
    """Usual time from bit to bit [s]; None where it is not known."""

    level: float
    """Chance of a false alarm of each question by itself."""

    bias: Quantity
    """P(1) - 1/2 with Wilson's 95 % interval."""

    bits_to_see_bias: int | NotApplicable
    """Bits with which a test at 1 % sees this bias nine times of ten."""

    smallest_bias: float
    """Smallest bias that so many bits show nine times of ten."""

    transitions: Transitions | NotApplicable
    """Counts of the states' transitions, P_ud, P_du, and whether a bit knows more than the state."""

    junction: ToggledJunction | NotApplicable
    """The toggled junction with these P_ud and P_du, against which the rest is held."""

    runs: RunLengths | NotApplicable
    """Run lengths against the geometric law."""

    autocorrelation: Correlogram | NotApplicable
    """Autocorrelation, its bounds and Ljung-Box."""

    entropy: ConditionalEntropy | NotApplicable
    """Conditional entropies h(k)."""

    byte_counts: ByteCounts | NotApplicable
    """Counts of the bytes and their chi-square."""

    windows: Windows | NotApplicable
    """P(1) over time."""

    steps: Steps | NotApplicable
    """Change points of it."""

    allan: AllanDeviation | NotApplicable
    """Allan deviation of it."""

    spectrum: Spectrum | NotApplicable
    """Spectrum of P(1) over the whole stretch: slow lines."""

    fast_spectrum: Spectrum | NotApplicable
    """Spectrum of windows of 8 bits, averaged over segments: fast lines of long streams."""

    correlations: Mapping[str, Correlation | NotApplicable]
    """Correlation of P(1) with resistance and temperature, by the name of the quantity."""

    remarks: tuple[str, ...] = ()
    """What is to be known before these numbers are read."""
