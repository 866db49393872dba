"""Which keys of a role are for which kind of line."""

from mtjlab.core import TomlDocument
from mtjlab.instruments.bench.role_settings import RoleSettings

__all__ = ["SERIAL_KEYS", "refuse_keys_of_other_lines"]

SERIAL_KEYS = ("baud_rate", "data_bits", "parity", "stop_bits", "flow_control")
"""Keys that only a serial line has."""
TERMINATORS = ("read_termination", "write_termination")


def refuse_keys_of_other_lines(document: TomlDocument, role: str, settings: RoleSettings) -> None:
    """Refuse keys of a serial line where the resource is none, and a stream of bytes without terminators.

    A name without ``::`` is an alias of the VISA library's, which may be anything.

    Raises
    ------
    ValueError
        Naming file, line and key.
    """
    resource = settings.resource.upper()
    serial = resource.startswith("ASRL")
    for key in SERIAL_KEYS:
        if getattr(settings, key) is not None and "::" in resource and not serial:
            raise document.error(
                ("roles", role, key),
                f"only a serial line has this, and resource = {settings.resource!r} is none: leave it out, or name a "
                "serial resource such as ASRL3::INSTR or ASRL/dev/ttyUSB0::INSTR",
            )
    for key in TERMINATORS:
        if not getattr(settings, key) and (serial or resource.endswith("::SOCKET")):
            raise document.error(
                ("roles", role, key),
                f'nothing but a terminator ends a line over resource = {settings.resource!r}: give "\\n", "\\r" '
                'or "\\r\\n"',
            )
