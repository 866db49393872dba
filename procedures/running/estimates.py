"""What a procedure says it would take: PyMeasure's ways of saying it, none of which stops a run."""

import inspect
import logging
import math
from typing import NamedTuple

from pymeasure.experiment import Procedure

from mtjlab.procedures import measurement

__all__ = ["Estimates"]

log = logging.getLogger(__name__)


class Estimates(NamedTuple):
    """What a procedure says of itself before it runs."""

    duration: float | None
    """Time on the instruments [s]; None where it does not say."""
    size: int | None
    """Size of the recording [bytes]; None where it does not say."""
    lines: tuple[tuple[str, str], ...]
    """What `get_estimates` says, in words: name and text."""

    @classmethod
    def of(cls, procedure: Procedure) -> "Estimates":
        """Ask a procedure.

        Parameters
        ----------
        procedure
            With its parameters set. Its `get_estimates` may return a number, the duration [s], or pairs of words; and
            may take ``sequence`` and ``sequence_length``, as PyMeasure's window gives them. What it raises is logged.
        """
        lines: tuple[tuple[str, str], ...] = ()
        duration = size = None
        try:
            told = procedure.get_estimates(**_sequence(procedure))
            if isinstance(told, (int, float)):
                duration = float(told)
                lines = (("Duration", f"{told:g} s"),)
            else:
                lines = tuple((str(name), str(text)) for name, text in told)
            duration = _number(measurement(procedure).estimated_duration, duration)
            found = _number(measurement(procedure).estimated_bytes, None)
            size = None if found is None else int(found)
        except NotImplementedError:
            pass  # PyMeasure's own
        except Exception as error:  # of the user's own code, perhaps with half of its parameters typed
            log.info("%s gives no estimates (%s: %s)", type(procedure).__name__, type(error).__name__, error)
        return cls(duration if duration is None or math.isfinite(duration) else None, size, lines)


def _sequence(procedure: Procedure) -> dict[str, object]:
    """Give what `get_estimates` asks for: here it is asked for one run, so there is no sequence."""
    asked = inspect.signature(procedure.get_estimates).parameters
    return {name: value for name, value in (("sequence", None), ("sequence_length", 1)) if name in asked}


def _number(value: object, otherwise: float | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else otherwise
