"""What all adapters from a PyMeasure driver to a role share."""

import contextlib
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyvisa
from pymeasure.instruments import Instrument

from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError, OutOfStepError, RestartedError
from mtjlab.instruments.safety.output_state import make_sure_it_is_off
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.visa.answers import Answering, UnexpectedAnswerError, answered_number, asking
from mtjlab.instruments.visa.connection import Connection

__all__ = ["Adapter", "ask_line_frequency", "check_readback"]

log = logging.getLogger(__name__)


class Adapter:
    """A PyMeasure driver that plays a role.

    Parameters
    ----------
    driver
        Connected driver.
    resource
        Its resource name, for messages.
    """

    IDENTITIES = ""
    """Regular expression that is found in the answer to ``*IDN?`` of every model that it drives; empty for any."""
    MODELS = "any instrument"
    """The same in words, for messages."""
    IDENTITY_QUESTION = "*IDN?"
    """What the instrument is asked to learn who it is."""
    RESTART_QUESTION = "*ESR?"
    """What tells by its power-on bit that it has restarted; empty for one that does not tell: after a fault it may
    have."""

    def __init__(self, driver: Instrument, resource: str) -> None:
        self.driver: Any = Answering(driver)
        self.resource = resource
        self.wait: Callable[[float], None] = time.sleep
        """Lets time pass [s], between the steps of a ramp; a simulated bench puts its own clock here."""
        connection = driver.adapter
        if isinstance(connection, Connection):
            with self._talking():
                connection.watch_restarts()

    @classmethod
    def makes(cls, role: RoleSettings) -> Mapping[str, tuple[float, float]]:
        """Tell, without an instrument, the smallest and largest magnitude that it makes of what a limit bounds.

        Parameters
        ----------
        role
            Its section of the bench file.

        Returns
        -------
        Mapping
            By keys of ``[limits]``, such as ``pulse_amplitude``; what is left out, the limit alone bounds.
        """
        return {}

    @classmethod
    def amplitudes(cls, low: float, high: float) -> tuple[float, ...]:
        """Tell, without an instrument, the only pulse amplitudes [V] it makes in a range; none where it makes any.

        Parameters
        ----------
        low, high
            Ends of the range [V], both in it.

        Returns
        -------
        tuple of float
            Amplitudes [V], ascending; empty where the instrument makes any.
        """
        return ()

    def identify(self) -> str:
        """Answer to the question who it is."""
        with self._talking():
            return str(self.driver.id).strip()

    def errors(self) -> list[str]:
        """Empty the instrument's error queue.

        Returns
        -------
        list of str
            A line an entry, the oldest first: number and text as the instrument words them; empty for none.
        """
        with self._talking():
            return [", ".join(map(str, entry)).replace('"', "") for entry in self._error_entries()]

    def _error_entries(self) -> list[list[object]]:
        entries: list[list[object]] = asking(self.driver.check_errors)
        return entries

    def recover(self) -> None:
        """Make the connection again after a fault and set the instrument up again, with its output off."""
        with self._talking():
            if isinstance(self.driver.adapter, Connection):
                with contextlib.suppress(RestartedError, OutOfStepError):
                    self.driver.adapter.resynchronise()
            for error in self.errors():
                log.warning("%s reports, after a fault: %s", self.resource, error)
            self._set_up()

    def switch_off_now(self) -> None:
        """Switch the output off without waiting for an instrument that is away: others are to be switched off too."""
        connection = self.driver.adapter
        if not isinstance(connection, Connection):
            self.switch_off()
            return
        connection.hurried = True
        try:
            self.switch_off()
        finally:
            connection.hurried = False

    def make_safe(self) -> None:
        """Switch the output off and make sure of it, over a connection made again if need be.

        Raises
        ------
        InstrumentError
            If the instrument does not show that it is off.
        """
        with contextlib.suppress(InstrumentError):
            self.switch_off()
        make_sure_it_is_off(self.resource, self)

    def reserve(self) -> None:
        """Let only this thread talk to the instrument from now on."""
        if isinstance(self.driver.adapter, Connection):
            self.driver.adapter.reserve()

    def release(self) -> None:
        """Let any thread talk to the instrument again."""
        if isinstance(self.driver.adapter, Connection):
            self.driver.adapter.release()

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument; with an ``output``, "True" or "False", where it has one.

        Raises
        ------
        NotImplementedError
            Where a driver does not have it.
        """
        raise NotImplementedError

    def _set_up(self) -> None:
        """Bring the instrument into the state that it is opened in, with its output off."""

    def close(self) -> None:
        """Give the connection back."""
        with contextlib.suppress(Exception):
            self.driver.adapter.close()

    def _confirm(self, quantity: str, asked: float, taken: Any, unit: str, tolerance: float = 1e-3) -> None:
        """Make sure that a setting was taken; where it was not, switch the output off before saying so."""
        try:
            check_readback(quantity, asked, answered_number(taken), unit, tolerance=tolerance)
        except InstrumentError:
            self.switch_off()
            raise

    def switch_off(self) -> None:
        """Switch the output off; an instrument that only reads has none."""

    def _patience(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Wait so much longer [s] for answers, for as long as a `with` lasts."""
        connection = self.driver.adapter
        return connection.patience(seconds) if isinstance(connection, Connection) else contextlib.nullcontext()

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
        except UnexpectedAnswerError as error:
            raise InstrumentError(f"{self.resource} sent an unexpected answer ({error})") from error
        except (OutOfStepError, RestartedError) as error:
            raise InstrumentLostError(f"{self.resource}: {error}") from error
        except (pyvisa.Error, OSError) as error:
            raise InstrumentLostError(
                f"{self.resource} does not answer ({error}): check power, cable and address"
            ) from error


def check_readback(quantity: str, asked: float, taken: float, unit: str, *, tolerance: float = 1e-3) -> None:
    """Make sure that an instrument took a setting.

    Parameters
    ----------
    quantity
        What was set, in words.
    asked, taken
        What was asked for and what the instrument reports.
    unit
        Unit of both.
    tolerance
        Largest relative difference; instruments round to their resolution.

    Raises
    ------
    InstrumentError
        If they differ by more.
    """
    if not math.isclose(asked, taken, rel_tol=tolerance, abs_tol=1e-15):
        raise InstrumentError(
            f"{quantity}: {asked:g} {unit} was asked for and the instrument took {taken:g} {unit}; "
            "the value is outside its range or below its resolution"
        )


def ask_line_frequency(driver: Instrument, resource: str) -> float:
    """Ask a Keithley for the line frequency [Hz] that it found when it was switched on.

    Raises
    ------
    InstrumentError
        If what it answers is none.
    """
    # PyMeasure's property takes "60" only, and an instrument may answer "60.00".
    frequency = answered_number(driver.ask(":SYST:LFR?"))
    if not 0 < frequency < math.inf:
        raise InstrumentError(f"{resource} answers {frequency:g} Hz when asked for the line frequency")
    return frequency
