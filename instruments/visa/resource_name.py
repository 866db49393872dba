"""What a VISA resource is called."""

import pyvisa.rname

__all__ = ["EXAMPLES", "is_resource_name"]

EXAMPLES = (
    "GPIB0::24::INSTR, TCPIP::192.168.0.5::INSTR, TCPIP::192.168.0.5::5025::SOCKET, "
    "USB0::0x0957::0x2807::MY00000000::INSTR or ASRL/dev/ttyUSB0::INSTR"
)
"""One of each kind of line, for messages."""


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
