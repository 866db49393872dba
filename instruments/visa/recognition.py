"""Open a VISA resource the way every adapter wants it: recognised before anything is set."""

import re
from typing import Protocol

import pyvisa
import pyvisa.rname

from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError, WrongInstrumentError
from mtjlab.instruments.settings.role_settings import RoleSettings, line_attributes
from mtjlab.instruments.visa.connection import Connection

__all__ = ["EXAMPLES", "Recognising", "is_resource_name", "open_visa"]

EXAMPLES = (
    "GPIB0::24::INSTR, TCPIP::192.168.0.5::INSTR, TCPIP::192.168.0.5::5025::SOCKET, "
    "USB0::0x0957::0x2807::MY00000000::INSTR or ASRL/dev/ttyUSB0::INSTR"
)
"""One of each kind of line, for messages."""


class Recognising(Protocol):
    """A driver that knows which instruments are its own."""

    IDENTITIES: str
    """Regular expression that is found in the answer to ``*IDN?`` of every model that it drives; empty for any."""
    MODELS: str
    """The same in words, for messages."""


def open_visa(role: RoleSettings, driver: Recognising | None = None) -> Connection:
    """Open the resource of a role and ask who is there, before anything else is sent.

    Parameters
    ----------
    role
        Resource, VISA library, timeout, and the identity where it is to be another than the driver's.
    driver
        Which models it is for; None takes any.

    Raises
    ------
    InstrumentError
        If the resource cannot be opened, if the VISA library is missing, or if nobody answers ``*IDN?``.
    WrongInstrumentError
        If the answer is that of a model that the driver does not know.
    """
    connection = _opened(role)
    if driver is not None:
        # Drivers of others need not say what nearly all instruments understand.
        connection.identity_question = getattr(driver, "IDENTITY_QUESTION", connection.identity_question)
        connection.restart_question = getattr(driver, "RESTART_QUESTION", connection.restart_question)
    try:
        answer = connection.remember()
        _recognise(role, driver, answer)
    # A backend raises what it likes, and an interrupted opening leaves nothing open either.
    except BaseException as error:
        connection.close()
        if isinstance(error, pyvisa.Error | OSError | ValueError) and not isinstance(error, InstrumentError):
            raise InstrumentLostError(
                f"{role.resource} does not answer {connection.identity_question} ({error}): "
                "check power, cable and address"
            ) from error
        raise
    return connection


def _opened(role: RoleSettings) -> Connection:
    # PyVISA without an installed VISA falls back to pyvisa-py only when told so.
    library = role.visa_library or ("@py" if role.resource.upper().endswith("::SOCKET") else "")
    try:
        return Connection(role.resource, library, role.timeout, line_attributes(role))
    # PyVISA and its backends raise their own errors, OSError, ValueError and bare Exception.
    except Exception as error:
        reason = " ".join(str(error).split())
        if not is_resource_name(role.resource):
            raise InstrumentError(
                f"{role.resource!r} is neither a VISA resource name nor an alias that the VISA library knows: write "
                f"one such as {EXAMPLES}; mtjlab bench list shows those that are there"
            ) from error
        if (lacking := re.search(r"[Pp]lease install (.+?) to use", reason)) is not None:
            raise InstrumentError(
                f"{role.resource} cannot be opened: pyvisa-py needs {lacking[1]} for this interface, which is not "
                "installed (pip install 'mtjlab[serial]' for serial lines, 'mtjlab[usb]' for USB; GPIB has drivers of "
                "its own, or install NI-VISA or Keysight IO Libraries)"
            ) from error
        raise InstrumentError(
            f"{role.resource} cannot be opened ({reason}): is the instrument on and connected, is the resource "
            'name right, and is a VISA library installed (or visa_library = "@py" given)?'
        ) from error


def _recognise(role: RoleSettings, driver: Recognising | None, answer: str) -> None:
    """Refuse an instrument that is none of the driver's."""
    if role.identity:
        if role.identity.casefold() not in answer.casefold():
            raise WrongInstrumentError(role.resource, answer, f"one with identity = {role.identity!r}")
    elif driver is not None and not re.search(driver.IDENTITIES, answer, re.IGNORECASE):
        raise WrongInstrumentError(role.resource, answer, f"{role.driver} (for {driver.MODELS})")


def is_resource_name(name: str) -> bool:
    """Tell a VISA resource name from anything else; an alias, which only an installed VISA knows, is none.

    Examples
    --------
    >>> is_resource_name("GPIB0::24::INSTR"), is_resource_name("nonsense")
    (True, False)
    """
    try:
        pyvisa.rname.ResourceName.from_string(name)
    except pyvisa.rname.InvalidResourceName:
        return False
    return True
