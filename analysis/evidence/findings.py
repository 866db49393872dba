"""What a comparison has found: an answer for each arm, and whether the comparison proves anything."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mtjlab.analysis.evidence.comparison import Cells, Comparison
from mtjlab.analysis.evidence.direct_distance import DirectDistance
from mtjlab.analysis.evidence.equivalence import MeanDifference
from mtjlab.analysis.evidence.verdict import Verdict
from mtjlab.core import InputError

__all__ = ["Evidence"]


@dataclass(frozen=True)
class Evidence:
    """Everything that the report of a comparison says."""

    comparison: Comparison
    """Arms and settings."""
    cells: Cells
    """Cells of each arm."""
    margin: float
    """M, in FD."""
    power: float | None
    """Power of the margin, computed beforehand with the scatter of a pilot; None without one."""
    verdicts: list[Verdict]
    """An answer for each arm but the first."""

    @classmethod
    def of(cls, comparison: Comparison, cells: Cells, margin: float, power: float | None = None) -> "Evidence":
        """Answer for each arm.

        Parameters
        ----------
        comparison
            Arms and settings.
        cells
            What they gave.
        margin
            M, in FD, above zero.
        power
            Power of the margin that a pilot gives; None without a pilot.

        Raises
        ------
        InputError
            If the margin is not above zero, or the arms have not the same number of seeds.
        """
        if not margin > 0:
            raise InputError(f"margin = {margin:g}: expected a number above zero, in FD", argument="margin")
        first, *others = (arm.name for arm in comparison.arms)
        paired = comparison.settings.shared_start
        verdicts = [Verdict.of(name, cells[first], cells[name], margin, paired=paired) for name in others]
        return cls(comparison, cells, margin, power, verdicts)

    @property
    def controls(self) -> list[Verdict]:
        """Answers for the arms that are biased on purpose."""
        names = {arm.name for arm in self.comparison.arms if arm.is_control}
        return [verdict for verdict in self.verdicts if verdict.arm in names]

    @property
    def sensitive(self) -> bool:
        """Whether every control was found to be different: if one was not, the comparison proves nothing."""
        return bool(self.controls) and all(verdict.answer == "different" for verdict in self.controls)

    @property
    def positive(self) -> bool:
        """Whether every arm that is no control is equivalent to the first, and every control is different."""
        arms = [verdict for verdict in self.verdicts if verdict not in self.controls]
        return self.sensitive and all(verdict.answer == "equivalent" for verdict in arms)

    @property
    def caveat(self) -> str:
        """Why the answers prove nothing; empty where they do."""
        if not self.controls:
            return "there is no control that is biased on purpose, so nothing shows that a difference would be seen"
        if self.sensitive:
            return ""
        passed = ", ".join(each.arm for each in self.controls if each.answer != "different")
        return (
            f"the control {passed} was not found to be different: this comparison proves nothing; take more images, "
            "more seeds, or a control with more bias"
        )

    def means(self, name: str) -> dict[str, tuple[float, float]]:
        """Give mean and standard deviation over seeds of each score of an arm.

        Parameters
        ----------
        name
            Name of the arm.
        """
        scores = [asdict(cell.scores) for cell in self.cells[name]]
        return {
            key: (float(np.mean([each[key] for each in scores])), float(np.std([each[key] for each in scores], ddof=1)))
            for key in scores[0]
        }

    def as_dict(self) -> dict[str, Any]:
        """Give all figures, for JSON."""
        settings = self.comparison.settings
        return {
            "trial": settings.trial,
            "settings": settings.identity() | {"seeds": list(settings.numbers)},
            "margin": self.margin,
            "power_beforehand": self.power,
            "paired": settings.shared_start,
            "control_failed": self.sensitive,
            "caveat": self.caveat,
            "arms": {
                arm.name: {
                    "bits": arm.words,
                    "control": arm.is_control,
                    "bits_used": [cell.bits_used for cell in self.cells[arm.name]],
                    "seconds": [cell.seconds for cell in self.cells[arm.name]],
                    "sampling_seconds": [cell.sampling for cell in self.cells[arm.name]],
                    "scores": [asdict(cell.scores) for cell in self.cells[arm.name]],
                    "class_shares": [cell.images.class_shares.tolist() for cell in self.cells[arm.name]],
                }
                for arm in self.comparison.arms
            },
            "answers": {verdict.arm: _verdict(verdict) for verdict in self.verdicts},
        }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "answer": verdict.answer,
        "sentence": verdict.sentence,
        "fd_difference": _difference(verdict.fd),
        "fd_difference_percent": 100 * verdict.fd.value / verdict.reference if verdict.reference else None,
        "mean_pixel_difference": _difference(verdict.mean_pixel),
        "equivalence_p": verdict.equivalence_p,
        "better_p": verdict.better_p,
        "difference_p": verdict.difference_p,
        "power": verdict.power,
        "seeds_if_equal": verdict.seeds_if(0.0),
        "seeds_if_as_found": verdict.seeds_if(verdict.fd.value),
        "direct_fd": _direct(verdict.direct_fd),
        "direct_kid": _direct(verdict.direct_kid),
    }


def _difference(found: MeanDifference) -> dict[str, Any]:
    low, high = found.interval()
    return {
        "value": found.value,
        "standard_error": found.standard_error,
        "degrees": found.degrees,
        "deviation": found.deviation,
        "low_90": low,
        "high_90": high,
    }


def _direct(found: DirectDistance) -> dict[str, Any]:
    known = found.seeds >= 3
    return {
        "between": found.between,
        "within": found.within,
        "excess": found.excess,
        "standard_error": found.error if known else None,
        "upper_95": found.upper if known else None,
        "p": found.p,
    }
