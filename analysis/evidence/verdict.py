"""The answer on one arm: equivalent to the first arm, different from it, or not enough images to tell.

Equivalent: both one-sided tests of the FD to real images succeed within the margin, and the 95 % upper limit of the
direct distance (`DirectDistance.excess`, in FD as well) lies below the margin. Each part has to succeed at level 0.05,
so the chance that arms which differ by the margin are called equivalent is at most 0.05.

Different: not equivalent, and one of four tests of "no difference" rejects: of the FD, of the mean pixel, of the direct
FD and of the direct KID; family-wise level 0.05 over the four (Holm).

Not enough images: neither. With how many seeds equivalence would be shown is computed from the scatter that was found.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mtjlab.analysis.evidence.cell import Cell
from mtjlab.analysis.evidence.direct_distance import DirectDistance, distance_table
from mtjlab.analysis.evidence.equivalence import LEVEL, POWER, MeanDifference, equivalence_power, seeds_needed
from mtjlab.analysis.randomness import holm

__all__ = ["Answer", "Verdict"]

Answer = Literal["equivalent", "different", "not enough images to tell"]
"""The three answers."""
_NORMALS = 1.959964 + 1.281552
"""Quantiles of a two-sided test of level 0.05 and of a power of 0.9."""


@dataclass(frozen=True)
class Verdict:
    """What is found of one arm beside the first."""

    arm: str
    """Name of the arm."""
    fd: MeanDifference
    """FD to real images, this arm less the first."""
    mean_pixel: MeanDifference
    """Mean grey level, this arm less the first."""
    direct_fd: DirectDistance
    """FD of the arms to each other."""
    direct_kid: DirectDistance
    """KID of the arms to each other."""
    reference: float
    """Mean FD of the first arm to real images."""
    margin: float
    """M, in FD."""

    @classmethod
    def of(cls, arm: str, first: Sequence[Cell], second: Sequence[Cell], margin: float, *, paired: bool) -> "Verdict":
        """Compare an arm with the first one.

        Parameters
        ----------
        arm
            Name of the arm.
        first, second
            Cells of the first arm and of this one, as many of each.
        margin
            M, in FD.
        paired
            Whether seeds are pairs.

        Returns
        -------
        Verdict
            What was found.

        Raises
        ------
        InputError
            If the arms have not the same number of seeds.
        """
        scatter, brightness = (
            MeanDifference.of(
                [getattr(cell.scores, name) for cell in first],
                [getattr(cell.scores, name) for cell in second],
                paired=paired,
            )
            for name in ("fd", "mean_pixel")
        )
        sets = [cell.images for cell in (*first, *second)]
        fd = distance_table(sets, lambda a, b: a.statistics.distance(b.statistics))
        kid = distance_table(sets, lambda a, b: a.moments.distance(b.moments))
        mean = sum(cell.scores.fd for cell in first) / len(first)
        return cls(arm, scatter, brightness, DirectDistance.of(fd), DirectDistance.of(kid), mean, margin)

    @property
    def equivalence_p(self) -> float:
        """P-value of the two one-sided tests of the FD."""
        return self.fd.equivalence_p(self.margin)

    @property
    def better_p(self) -> float:
        """P-value of "its FD is not lower than that of the first arm": small where it is shown to be better."""
        return self.fd.lower_p()

    @property
    def difference_p(self) -> dict[str, float]:
        """P-values of "no difference", adjusted for being four."""
        return dict(
            holm(
                {
                    "FD": self.fd.difference_p(),
                    "mean pixel": self.mean_pixel.difference_p(),
                    "direct FD": self.direct_fd.p,
                    "direct KID": self.direct_kid.p,
                },
                LEVEL,
            ).adjusted
        )

    @property
    def answer(self) -> Answer:
        """One of the three."""
        if self.equivalence_p < LEVEL and self.direct_fd.upper < self.margin:
            return "equivalent"
        return "different" if min(self.difference_p.values()) < LEVEL else "not enough images to tell"

    @property
    def power(self) -> float:
        """Probability with which equal arms are shown to be equivalent, with the scatter that was found."""
        if self.fd.deviation == 0:
            return 1.0
        return equivalence_power(self.margin, self.fd.deviation, self.fd.seeds, paired=self.fd.paired)

    def seeds_if(self, difference: float) -> int | None:
        """Give the seeds with which equivalence is shown with a power of 0.9; None where no number is enough.

        Parameters
        ----------
        difference
            True difference of the FD.
        """
        if self.fd.deviation == 0:
            return self.fd.seeds if abs(difference) < self.margin else None
        return seeds_needed(self.margin, self.fd.deviation, difference=difference, paired=self.fd.paired, power=POWER)

    @property
    def seeds_for_difference(self) -> int:
        """Seeds with which a difference as large as the one found is shown with a power of 0.9, about."""
        if self.fd.value == 0:
            return 0
        return math.ceil(2 * (self.fd.deviation * _NORMALS / self.fd.value) ** 2) + 1

    @property
    def sentence(self) -> str:
        """The answer in a sentence, with what it rests on."""
        low, high = self.fd.interval()
        found = f"FD {self.fd.value:+.3g} (90 % interval {low:+.3g} to {high:+.3g}), margin {self.margin:.3g}"
        if self.answer == "equivalent":
            seen = min(self.difference_p.values()) < LEVEL
            return f"equivalent: {found}" + ("; a difference smaller than the margin is seen" if seen else "")
        if self.answer == "different":
            where = [name for name, p in self.difference_p.items() if p < LEVEL]
            return f"different: {found}; seen in {', '.join(where)}"
        return f"not enough images to tell: {found}; {self._needed()}"

    def _needed(self) -> str:
        same, found = self.seeds_if(0.0), self.seeds_if(self.fd.value)
        words = (
            f"equal arms would be shown to be equivalent with {same:,} seeds" if same else "no number of seeds helps"
        )
        if found is None:
            return f"{words}; a true difference as found would be shown with about {self.seeds_for_difference:,}"
        return f"{words}; arms that differ as found with {found:,}"
