"""Open a VISA resource the way every adapter wants it."""

from mtjlab.instruments.bench_file import RoleSettings
from mtjlab.instruments.connection import Connection
from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["open_visa"]


def open_visa(role: RoleSettings) -> Connection:
    """Open the resource of a role.

    Parameters
    ----------
    role
        Resource, VISA library and timeout.

    Raises
    ------
    InstrumentError
        If the resource can not be opened, or if the VISA library is missing.
    """
    # PyVISA without an installed VISA falls back to pyvisa-py only when told so.
    library = role.visa_library or ("@py" if role.resource.upper().endswith("::SOCKET") else "")
    try:
        return Connection(role.resource, library, role.timeout)
    # PyVISA and its backends raise their own errors, OSError, ValueError and bare Exception.
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InstrumentError(
            f"{role.resource} can not be opened ({reason}): is the instrument on and connected, is the resource "
            'name right, and is a VISA library installed (or visa_library = "@py" given)?'
        ) from error
