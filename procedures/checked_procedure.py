"""Procedures that refuse, at construction, a parameter that they do not have or a value that it does not take."""

from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.procedures.running.parameters import assign

__all__ = ["CheckedProcedure"]


class CheckedProcedure(Procedure):
    """A PyMeasure procedure that takes its parameters as the command does.

    PyMeasure's own passes over a name that it does not know: a misspelt one runs with the default.

    Parameters
    ----------
    **parameters
        Values by the names of the parameters.

    Raises
    ------
    InputError
        If there is no such parameter, or it takes no such value; the message names it and says what it takes.
    """

    def __init__(self, **parameters: Any) -> None:
        super().__init__()
        for name, value in parameters.items():
            assign(self, name, value, f"{name} = {value!r:.60}")
