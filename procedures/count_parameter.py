"""A parameter that counts, beyond what PyMeasure's integers reach."""

from decimal import Decimal
from typing import Any

from pymeasure.experiment import Parameter

from mtjlab.data.errors import InputError

__all__ = ["CountParameter"]


class CountParameter(Parameter):
    """A whole number, given as ``5000000``, ``5_000_000`` or ``5e6``.

    PyMeasure's IntegerParameter ends in the window at 2^31 - 1, Qt's largest; a run of days has 1e12 bits.

    Parameters
    ----------
    name
        Name of the parameter.
    minimum, maximum
        Allowed range.
    **kwargs
        As for `pymeasure.experiment.Parameter`.
    """

    units = None

    def __init__(self, name: str, minimum: int, maximum: int, **kwargs: Any) -> None:
        self.minimum = minimum
        self.maximum = maximum
        super().__init__(name, **kwargs)
        self._help_fields += ["minimum", "maximum"]

    def convert(self, value: Any) -> int:
        """Turn what was given into an integer.

        Raises
        ------
        ValueError
            If it is no whole number, or outside the range.
        """
        try:
            number = Decimal(str(value).replace("_", "").replace(",", ""))
            whole = int(number)
        except (ArithmeticError, ValueError):
            raise InputError(f"{self.name} = {value!r} is not a whole number") from None
        if whole != number or not self.minimum <= whole <= self.maximum:
            raise InputError(
                f"{self.name} = {value}: allowed are whole numbers from {self.minimum} to {self.maximum:g}"
            )
        return whole
