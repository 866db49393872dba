"""A pilot: a small comparison beforehand, which fixes the margin before anything is tested."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mtjlab.analysis.evidence.comparison import Cells, Comparison
from mtjlab.analysis.evidence.equivalence import POWER, equivalence_power, least_margin
from mtjlab.analysis.evidence.settings import Settings
from mtjlab.core import InputError, new_file

__all__ = ["Pilot", "refuse_margin"]

FORMAT = "mtjlab-pilot"


@dataclass(frozen=True)
class Pilot:
    """How much the FD scatters from seed to seed, how far the control is off, and the margin that follows."""

    deviation: float
    """Standard deviation of the FD of a seed, pooled over all arms but the controls."""
    degrees: int
    """Degrees of freedom of the deviation."""
    control_shift: float
    """FD of the control less that of the first arm; of several controls, the smallest."""
    margin: float
    """Margin in FD for `planned_seeds`: the smallest with a power of 0.9, rounded up to two digits."""
    planned_seeds: int
    """Seeds of each arm of the comparison that it is for."""
    seeds: list[int]
    """Numbers of the pilot's own seeds."""
    settings: dict[str, Any]
    """What the images depend on beside their noise; those of the comparison must be the same."""

    @classmethod
    def of(cls, comparison: Comparison, cells: Cells, planned_seeds: int) -> "Pilot":
        """Take the pilot's figures.

        Parameters
        ----------
        comparison
            The pilot, with at least one control.
        cells
            What it gave.
        planned_seeds
            Seeds of each arm of the comparison that it is for.

        Returns
        -------
        Pilot
            Scatter, shift and margin.

        Raises
        ------
        InputError
            If there is no control, or its shift is too small for any margin to lie below it.
        """
        fair = [arm.name for arm in comparison.arms if not arm.is_control]
        controls = [arm.name for arm in comparison.arms if arm.is_control]
        if not controls or not fair:
            raise InputError("a pilot needs a biased control and an arm that is none, as: software biased:0.495")
        values = {name: [cell.scores.fd for cell in cells[name]] for name in (*fair, *controls)}
        means = {name: sum(each) / len(each) for name, each in values.items()}
        degrees = sum(len(values[name]) - 1 for name in fair)
        squares = sum((value - means[name]) ** 2 for name in fair for value in values[name])
        deviation = math.sqrt(squares / degrees)
        shift = min(abs(means[name] - means[fair[0]]) for name in controls)
        settings = comparison.settings
        margin = _rounded_up(least_margin(deviation, planned_seeds, paired=settings.shared_start))
        return cls(deviation, degrees, shift, margin, planned_seeds, list(settings.numbers), settings.identity())

    def save(self, path: Path) -> None:
        """Write the pilot's file.

        Parameters
        ----------
        path
            The file; one of that name is replaced.
        """
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1)
        with new_file(path, overwrite=True) as partial:
            partial.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Pilot":
        """Read a pilot's file.

        Parameters
        ----------
        path
            The file.

        Raises
        ------
        InputError
            If it is missing or is none.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content.pop("format") != FORMAT:
                raise ValueError
            return cls(**content)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise InputError(
                f"{path} holds no pilot: write one with a pilot comparison first", argument="pilot"
            ) from None

    def check(self, settings: Settings) -> None:
        """Refuse a comparison that the pilot says nothing about.

        Parameters
        ----------
        settings
            Those of the comparison.

        Raises
        ------
        InputError
            If its images are made in another way, or a seed was the pilot's.
        """
        for name, value in settings.identity().items():
            if self.settings.get(name) != value:
                raise InputError(
                    f"the pilot was made with {name} = {self.settings.get(name)}, the comparison is with {value}: make "
                    "a pilot with the same settings"
                )
        if set(self.seeds) & set(settings.numbers):
            raise InputError(
                f"seeds {min(self.seeds)} to {max(self.seeds)} are the pilot's: a margin that was fixed by the same "
                "images is not fixed beforehand; give another first seed",
                argument="first_seed",
            )


def refuse_margin(margin: float, pilot: Pilot, settings: Settings) -> float:
    """Refuse a margin with which nothing can be shown.

    Parameters
    ----------
    margin
        M, in FD.
    pilot
        What is known beforehand.
    settings
        Those of the comparison.

    Returns
    -------
    float
        The power with which equal arms will be shown to be equivalent.

    Raises
    ------
    InputError
        If the margin has a power below 0.9, or is not below the control's shift.
    """
    paired = settings.shared_start
    if pilot.deviation == 0:
        raise InputError("the pilot's seeds do not scatter at all: they are not independent; make another pilot")
    power = equivalence_power(margin, pilot.deviation, settings.seeds, paired=paired)
    least = least_margin(pilot.deviation, settings.seeds, paired=paired)
    if power < POWER - 1e-3:
        raise InputError(
            f"a margin of {margin:.3g} FD has no power: with {settings.seeds} seeds and a standard deviation of "
            f"{pilot.deviation:.3g} (pilot) equal arms would be shown to be equivalent with a probability of "
            f"{power:.2f}; needed is {POWER:g}: give {least:.3g} ({least / pilot.deviation:.2f} standard deviations) "
            "or more, or more seeds or images",
            argument="margin",
        )
    if margin >= pilot.control_shift:
        raise InputError(
            f"a margin of {margin:.3g} FD is not below the control's shift of {pilot.control_shift:.3g}: ruined images "
            "would count as equivalent; give a smaller one, or more seeds or images",
            argument="margin",
        )
    return power


def _rounded_up(value: float) -> float:
    """Round up to two digits."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit - 1e-9) * unit:.2g}")
