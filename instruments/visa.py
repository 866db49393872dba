"""Open a VISA resource the way every adapter wants it."""

import socket

from pymeasure.adapters import VISAAdapter

from mtjlab.instruments.bench_file import RoleSettings
from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["open_visa"]


def open_visa(role: RoleSettings) -> VISAAdapter:
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
        adapter = VISAAdapter(
            role.resource,
            visa_library=library,
            timeout=int(role.timeout * 1000),
            read_termination="\n",
            write_termination="\n",
        )
        _send_at_once(adapter)
    # PyVISA and its backends raise their own errors, OSError, ValueError and bare Exception.
    except Exception as error:
        raise InstrumentError(
            f"{role.resource} can not be opened ({error}): is the instrument on and connected, is the resource "
            'name right, and is a VISA library installed (or visa_library = "@py" given)?'
        ) from error
    return adapter


def _send_at_once(adapter: VISAAdapter) -> None:
    """Switch Nagle's algorithm off.

    pyvisa-py leaves it on for raw sockets, and a query after a command then waits 40 ms for the
    acknowledgement of the command.  Its own attribute for this is wired to the wrong function, so the option
    is set on the socket itself.
    """
    connection = adapter.connection
    sessions = getattr(connection.visalib, "sessions", None)
    if sessions is None:
        return  # not pyvisa-py
    interface = getattr(sessions[connection.session], "interface", None)
    if isinstance(interface, socket.socket):
        interface.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
