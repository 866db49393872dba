"""Whether bits are good enough for images, told before they are spent."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.noise_budget.damage import DAMAGE, Damage, Flaws
from mtjlab.analysis.noise_budget.sampler_setting import SamplerSetting
from mtjlab.analysis.noise_budget.stream_quantities import BLOCKS, LAGS, StreamQuantities
from mtjlab.core import Bits, Quantity

__all__ = ["Answer", "NoiseBudget"]

SURE = 2.0
"""Width of the intervals that must not hold zero if a flaw is to count as there, over that of 95 %."""

LARGEST = 1e9
"""Factor at which a search for a margin, or for the bits that decide, ends."""


class Answer(StrEnum):
    """Whether images will be as good as with fair noise."""

    YES = "yes"
    NO = "no"
    TOO_FEW = "too few bits to tell"


@dataclass(frozen=True)
class NoiseBudget:
    """What the flaws of bits do to images, and the answer.

    Examples
    --------
    >>> import numpy as np
    >>> from mtjlab.analysis.diffusion import Ddim
    >>> from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16
    >>> setting = SamplerSetting(Ddim(50, 0.0), INVERSE_CDF16, BIT_SUM_1)
    >>> random = np.random.default_rng(1)
    >>> NoiseBudget.of(random.random(1_000_000) < 0.48, setting).answer
    <Answer.NO: 'no'>
    >>> NoiseBudget.of(random.random(50_000) < 0.5, setting).answer
    <Answer.TOO_FEW: 'too few bits to tell'>
    """

    setting: SamplerSetting
    """How images will be made."""
    stream: StreamQuantities
    """What was measured of the bits."""
    damage: Damage = DAMAGE
    """How much harm which flaw does."""

    @classmethod
    def of(cls, bits: ArrayLike | Bits, setting: SamplerSetting) -> NoiseBudget:
        """Measure bits and tell what they are good for.

        Parameters
        ----------
        bits
            The bits as they will be used, after any extractor: `Bits`, or 0 and 1, shape (N,).
        setting
            How images will be made of them.

        Returns
        -------
        NoiseBudget
            Prediction and answer.
        """
        return cls(setting, StreamQuantities.of(bits, setting.bits_per_image))

    @cached_property
    def z(self) -> Quantity:
        """Shift of an image's noise along itself, in its standard deviations, at least 0."""
        return self._scaled(self.setting.z(1.0), self._excess_size)

    @cached_property
    def brightness(self) -> Quantity:
        """Shift of the brightness of images, in standard deviations of the brightness of images."""
        return self._scaled(self.setting.brightness(1.0), self.stream.excess)

    @cached_property
    def inside(self) -> Quantity:
        """Growth of the variance of normals by the correlation of the bits, relative."""
        return self.stream.weighted_correlation(self._correlation_weights[0])

    @cached_property
    def between(self) -> Quantity:
        """Growth of the variance of the brightness by correlation between normals, relative."""
        return self.stream.weighted_correlation(self._correlation_weights[1])

    @cached_property
    def _correlation_weights(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.setting.correlation_weights(LAGS)

    @cached_property
    def wander(self) -> Quantity:
        """Standard deviation of the brightness by drift from image to image, in the unit of `brightness`."""
        return self._scaled(self.setting.brightness(1.0), self.stream.drift)

    @property
    def _excess_size(self) -> Quantity:
        return _size_of(self.stream.excess)

    @staticmethod
    def _scaled(factor: float, quantity: Quantity) -> Quantity:
        return Quantity(factor * quantity.value, low=factor * quantity.low, high=factor * quantity.high)

    @cached_property
    def _ends(self) -> tuple[Flaws, Flaws, Flaws]:
        """Flaws at the harmless end of every interval, as found, and at the harmful end."""
        return self._flaws(1.0)

    def _flaws(self, more: float, *, fair: bool = False) -> tuple[Flaws, Flaws, Flaws]:
        """Return the flaws as they would be known of `more` times as many bits, as found or of fair ones."""
        # The drift's variance is known to 1/√n once blocks are images; until then blocks grow, and it falls with 1/n.
        growing = max(1.0, min(more, BLOCKS * self.setting.bits_per_image / max(self.stream.bits, 1)))
        known, drift = more**-0.5, growing**-0.5 * (more / growing) ** -0.25
        known_to = ((self.brightness, known), (self.inside, known), (self.between, known), (self.wander, drift))
        sizes = [_sizes(_centred(each) if fair else each, width) for each, width in known_to]
        low, value, high = (Flaws(*each) for each in zip(*sizes, strict=True))
        return low, value, high

    @property
    def mean_pixel(self) -> Quantity:
        """Predicted shift of the mean grey level of images, 0 to 255."""
        value, low, high = (self.damage.mean_pixel(each) for each in self.brightness[:1] + self.brightness[3:])
        return Quantity(value, low=low, high=high)

    @property
    def distance(self) -> Quantity:
        """Predicted FD to images of fair noise, of images without number."""
        low, value, high = (self.damage.distance(each) for each in self._ends)
        return Quantity(value, low=low, high=high)

    @cached_property
    def severity(self) -> Quantity:
        """Harm as a share of what is just seen; above 1 images are harmed."""
        low, value, high = (self.damage.severity(each) for each in self._ends)
        return Quantity(value, low=low, high=high)

    @property
    def answer(self) -> Answer:
        """Yes if the harmful ends of the intervals do no harm, no if the harmless ends do, else too few bits to tell.

        A flaw that is not four standard errors from none has none as its harmless end: fair bits are hardly ever
        refused.
        """
        if self.severity.high <= 1.0:
            return Answer.YES
        return Answer.NO if self.severity.low > 1.0 else Answer.TOO_FEW

    @property
    def ruined(self) -> bool:
        """Whether images are not only darker, lighter or less various but ruined, by the flaws as found."""
        return self.distance.value > self.damage.ruined_distance

    @cached_property
    def margin(self) -> float:
        """By what factor all flaws together may be larger before images are harmed, at the harmful ends.

        Below 1 if the answer is not yes.
        """
        flaws = self._ends[2]

        def harmed(factor: float) -> bool:
            return self.damage.severity(Flaws(*(factor * each for each in flaws))) > 1.0

        return _boundary(harmed, 1.0 / LARGEST, LARGEST)

    @cached_property
    def bits_to_tell(self) -> int | None:
        """Bits that decide if the flaws stay as found, and show fair ones to be; None if no number does.

        None, too, if these have decided.
        """
        if self.answer is not Answer.TOO_FEW:
            return None

        def decided(factor: float) -> bool:
            low, _, high = self._flaws(factor)
            fair = self._flaws(factor, fair=True)[2]
            shown = self.damage.severity(high) <= 1.0 or self.damage.severity(low) > 1.0
            return shown and self.damage.severity(fair) <= 1.0

        factor = _boundary(decided, 1.0, LARGEST)
        return None if factor >= LARGEST else math.ceil(factor * max(self.stream.bits, 1))

    @property
    def allowed_excess(self) -> float:
        """Largest size of 2P - 1 that alone would do no harm."""
        unit = self.setting.brightness(1.0)
        return _boundary(lambda excess: self.damage.severity(Flaws(unit * excess)) > 1.0, 1.0 / LARGEST, 1.0)

    @property
    def sentence(self) -> str:
        """The answer in a sentence, with what it is about."""
        kind = self.setting.words
        if self.answer is Answer.YES:
            return f"good for {kind}: yes, margin {self.margin:.2g}"
        if self.answer is Answer.NO:
            return f"good for {kind}: no, {self._harm}"
        enough = (
            f"about {float(f'{self.bits_to_tell:.2g}'):,.0f} would"
            if self.bits_to_tell
            else "they lie too close to the limit"
        )
        return f"good for {kind}: {self.stream.bits:,} bits are too few to tell, {enough}"

    @property
    def warnings(self) -> list[str]:
        """What to say before such bits are spent: nothing unless the answer is no."""
        if self.answer is not Answer.NO:
            return []
        found = f"P(1) = {0.5 + self.stream.excess.value / 2:.4f}, lag-1 correlation {self.stream.correlations[0]:+.2g}"
        return [f"{found}: {self.sentence}; condition the bits with an extractor, or hold P at one half"]

    @property
    def _harm(self) -> str:
        flaws = self._ends[1]
        alone = {
            "bias": self.damage.severity(Flaws(brightness=flaws.brightness)),
            "correlation": self.damage.severity(Flaws(inside=flaws.inside, between=flaws.between)),
            "drift": self.damage.severity(Flaws(wander=flaws.wander)),
        }
        cause = max(alone, key=alone.__getitem__)
        if self.ruined:
            return f"{cause} ruins them (FD {self.distance.value:.2g})"
        shade = "lighter" if self.mean_pixel.value > 0 else "darker"
        words = {
            "bias": f"bias makes them {shade} by {abs(self.mean_pixel.value):.2g} of 255 grey levels",
            "correlation": "correlation changes them",
            "drift": "drift changes their brightness from image to image",
        }
        return f"{words[cause]} (FD {self.distance.value:.2g})"


def _size_of(quantity: Quantity) -> Quantity:
    """Return the size of a quantity, with the smallest and the largest in its interval."""
    low, high = quantity.low, quantity.high
    smallest = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    return Quantity(abs(quantity.value), low=smallest, high=max(abs(low), abs(high)))


def _sizes(quantity: Quantity, width: float) -> tuple[float, float, float]:
    """Return the size of a quantity at the harmless end of its interval, as found, and at the harmful end."""
    size = _size_of(_widened(quantity, width))
    there = _size_of(_widened(quantity, SURE * width)).low > 0.0
    return size.low if there else 0.0, size.value, size.high


def _centred(quantity: Quantity) -> Quantity:
    """Return zero with an interval as wide."""
    return Quantity(0.0, low=quantity.low - quantity.value, high=quantity.high - quantity.value)


def _widened(quantity: Quantity, factor: float) -> Quantity:
    value, low, high = quantity.value, quantity.low, quantity.high
    return Quantity(value, low=value - factor * (value - low), high=value + factor * (high - value))


def _boundary(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return from where on a condition holds, on a logarithmic scale; `high` if nowhere, `low` if everywhere."""
    if holds(low):
        return low
    if not holds(high):
        return high
    while high / low > 1.0001:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
