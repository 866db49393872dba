"""The section ``[limits]`` of a bench file: what the device stands."""

import pydantic

from mtjlab.instruments.bench.section import Section

__all__ = ["Limits", "NEEDED", "UNITS"]

Limit = pydantic.PositiveFloat

NEEDED: dict[str, tuple[str, ...]] = {
    "pulse_generator": ("pulse_amplitude", "pulse_width", "pulse_energy"),
    "source_meter": ("read_bias", "compliance"),
    "current_source": ("current", "current_pulse_width", "compliance_voltage"),
    "coil": ("field",),
    "perpendicular_coil": ("field",),
    "temperature_controller": ("temperature",),
}
"""Limits that a bench with this role must state."""


UNITS = {
    "pulse_amplitude": "V",
    "pulse_width": "s",
    "pulse_energy": "J",
    "duty_cycle": "",
    "read_bias": "V",
    "compliance": "A",
    "current": "A",
    "current_pulse_width": "s",
    "compliance_voltage": "V",
    "field": "T",
    "temperature": "K",
    "stress_time": "s",
}
"""Unit of each limit."""


class Limits(Section):
    """What the device stands; the interlock refuses whatever is beyond. A limit that is left out allows nothing."""

    pulse_amplitude: Limit = 0.0
    """Largest voltage at the device, pulse and bias together, of either polarity [V]."""
    pulse_width: Limit = 0.0
    """Longest pulse [s]."""
    pulse_energy: Limit = 0.0
    """Largest energy that one pulse, with the bias under it, may leave in the device [J]."""
    duty_cycle: float = pydantic.Field(default=0.1, gt=0, le=1)
    """Largest share of the time during which pulses are on."""
    read_bias: Limit = 0.0
    """Largest bias of a read, of either polarity [V]."""
    compliance: Limit = 0.0
    """Largest current that the source-meter may be allowed [A]."""
    current: Limit = 0.0
    """Largest current of the current source, steady or in a pulse, of either polarity [A]."""
    current_pulse_width: Limit = 0.0
    """Longest pulse of the current source [s]."""
    compliance_voltage: Limit = 0.0
    """Largest voltage that the current source may be allowed [V]."""
    field: Limit = 0.0
    """Largest field of a coil, of either polarity [T]."""
    temperature: Limit = 0.0
    """Highest temperature that may be set [K]."""
    stress_time: Limit | None = None
    """Longest time that pulses may act on the device over its life, all runs together [s]."""

    def stricter(self, other: "Limits") -> "Limits":
        """Give the stricter of both, limit by limit."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in type(self).model_fields}
        both = {name: [value for value in pair if value is not None] for name, pair in pairs.items()}
        return self.model_copy(update={name: min(values, default=None) for name, values in both.items()})
