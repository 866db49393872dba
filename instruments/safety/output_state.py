"""Whether an output is on, as the instrument itself tells."""

import logging
from collections.abc import Callable
from typing import Any

from mtjlab.instruments.instrument_error import InstrumentError, UnreachableError

__all__ = ["make_sure_it_is_off", "output_is_on", "refuse_on"]

log = logging.getLogger(__name__)

ANSWERS = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}


def output_is_on(role: str, instrument: Any) -> bool:
    """Ask an instrument whether its output is on.

    Parameters
    ----------
    role
        Name of its role, for the message.
    instrument
        Whatever plays a role with an output: `output_enabled()` is asked where it has that, else ``output`` of its
        `settings()`.

    Raises
    ------
    InstrumentError
        If it does not tell, which is never taken for off.
    """
    if hasattr(type(instrument), "output_enabled"):
        told: object = instrument.output_enabled()
    else:
        settings = instrument.settings()
        told = settings.get("output") if hasattr(settings, "get") else None
    answer = ANSWERS.get(str(told).strip().lower())
    if answer is None:
        raise InstrumentError(
            f"{role}: its driver does not report whether the output is on (output = {told!r}): settings() must have "
            "output = True or False, or the driver an output_enabled()"
        )
    return answer


def refuse_on(role: str, instrument: Any) -> None:
    """Raise an InstrumentError if an instrument does not show that its output is off."""
    if output_is_on(role, instrument):
        raise InstrumentError(f"{role} does not switch off: disconnect it by hand")


def make_sure_it_is_off(role: str, instrument: Any, forget: Callable[[], None] = lambda: None) -> None:
    """Switch an output off unless it is, over a new connection if need be, until the instrument shows it.

    Parameters
    ----------
    role
        Name of its role, for messages.
    instrument
        Whatever plays a role with an output.
    forget
        Called where the instrument is set up again, and where it is away: its settings are gone.

    Raises
    ------
    InstrumentError
        If it does not show that it is off.
    """
    try:
        if output_is_on(role, instrument):
            instrument.switch_off()
        refuse_on(role, instrument)
        return
    except InstrumentError as error:
        forget()
        if isinstance(error.__cause__, UnreachableError):
            raise
        log.warning("%s; switching off over a new connection", error)
    instrument.recover()
    instrument.switch_off()
    refuse_on(role, instrument)
