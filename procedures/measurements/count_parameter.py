"""A parameter that counts, beyond what PyMeasure's integers reach."""

from typing import Any

from pymeasure.experiment import Parameter

from mtjlab.core import InputError, exact_number

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
            number = exact_number(str(value))
        except InputError as error:
            raise InputError(f"{self.name}: {error}; {self._allowed}") from None
        # The range first: the digits of 1e999999999 fill the memory.
        if not self.minimum <= number <= self.maximum or number != int(number):
            raise InputError(f"{self.name} = {value}: {self._allowed}")
        return int(number)

    @property
    def _allowed(self) -> str:
        return f"allowed are whole numbers from {self.minimum} to {self.maximum:g}"
