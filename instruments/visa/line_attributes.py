"""What a bench file says of the line to an instrument, in the words of PyVISA."""

from typing import Any

from pyvisa.constants import ControlFlow, Parity, StopBits

from mtjlab.instruments.bench.role_settings import RoleSettings

__all__ = ["line_attributes"]

FLOW = {
    "none": ControlFlow.none,
    "xon_xoff": ControlFlow.xon_xoff,
    "rts_cts": ControlFlow.rts_cts,
    "dtr_dsr": ControlFlow.dtr_dsr,
}
STOP_BITS = {1.0: StopBits.one, 1.5: StopBits.one_and_a_half, 2.0: StopBits.two}


def line_attributes(role: RoleSettings) -> dict[str, Any]:
    """Give the attributes of the PyVISA resource of a role: terminators, and what its serial line needs."""
    # PyVISA's word for "to the end that the interface marks" is None.
    ends = {"read_termination": role.read_termination or None, "write_termination": role.write_termination}
    if "::" in role.resource and not role.resource.upper().startswith("ASRL"):
        return ends
    given = {
        "baud_rate": role.baud_rate,
        "data_bits": role.data_bits,
        "parity": None if role.parity is None else Parity[role.parity],
        "stop_bits": None if role.stop_bits is None else STOP_BITS[role.stop_bits],
        "flow_control": None if role.flow_control is None else FLOW[role.flow_control],
    }
    return {**ends, **{name: value for name, value in given.items() if value is not None}}
