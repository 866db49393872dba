"""What all adapters from a PyMeasure driver to a role share."""

import contextlib
from collections.abc import Iterator

import pyvisa
from pymeasure.instruments import Instrument

from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["Adapter"]


class Adapter:
    """A PyMeasure driver that plays a role.

    Parameters
    ----------
    driver
        Connected driver.
    resource
        Its resource name, for messages.
    """

    def __init__(self, driver: Instrument, resource: str) -> None:
        self.driver = driver
        self.resource = resource

    def identify(self) -> str:
        """Answer to ``*IDN?``."""
        with self._talking():
            return str(self.driver.id).strip()

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""
        with self._talking():
            return [f"{number}, {text}".replace('"', "") for number, *text in self._error_entries()]

    def _error_entries(self) -> list[list[object]]:
        entries: list[list[object]] = self.driver.check_errors()
        return entries

    def close(self) -> None:
        """Give the connection back."""
        with contextlib.suppress(Exception):
            self.driver.adapter.close()

    def _refuse_errors(self, doing: str) -> None:
        """Raise what the instrument has to say about the settings just made."""
        found = self.errors()
        if found:
            raise InstrumentError(f"{self.resource} reports, while {doing}: {'; '.join(found)}")

    @contextlib.contextmanager
    def _talking(self) -> Iterator[None]:
        """Turn what a lost instrument raises into one kind of error."""
        try:
            yield
        except (pyvisa.Error, OSError) as error:
            raise InstrumentError(
                f"{self.resource} does not answer ({error}): check power, cable and address"
            ) from error
