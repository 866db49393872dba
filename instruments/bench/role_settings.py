"""The sections ``[roles.*]`` of a bench file: which driver plays which role, and where its instrument is."""

from collections.abc import Iterator
from typing import Literal

import pydantic

from mtjlab.core.errors import InputError
from mtjlab.instruments.bench.section import Section
from mtjlab.instruments.visa.visa_library import VisaLibrary

__all__ = [
    "CoilSettings",
    "MultiplexerSettings",
    "OscilloscopeSettings",
    "RoleSettings",
    "Roles",
    "SourceMeterSettings",
    "TemperatureControllerSettings",
]

Positive = pydantic.PositiveFloat


class RoleSettings(Section):
    """Which driver plays a role, and where its instrument is."""

    driver: str
    """Name of an entry point in the group ``mtjlab.drivers``."""
    resource: str = ""
    """VISA resource name; left out on a simulated bench, which knows its own."""
    visa_library: VisaLibrary = ""
    """VISA library that PyVISA opens it with: empty for the installed one, ``@py`` for pyvisa-py, or its path."""
    timeout: Positive = 5.0
    """Longest wait for an answer [s]."""
    read_termination: Literal["\n", "\r", "\r\n", ""] = "\n"
    """What ends an answer; empty where the interface itself marks the end (GPIB, USB, HiSLIP, VXI-11)."""
    write_termination: Literal["\n", "\r", "\r\n", ""] = "\n"
    """What ends a command; empty as above."""
    baud_rate: int | None = pydantic.Field(default=None, ge=50, le=10_000_000)
    """Speed of a serial line [baud]; left out, what the VISA library has, mostly 9600."""
    data_bits: Literal[5, 6, 7, 8] | None = None
    """Data bits of a character on a serial line; left out, mostly 8."""
    parity: Literal["none", "odd", "even", "mark", "space"] | None = None
    """Parity of a character on a serial line; left out, mostly ``none``."""
    stop_bits: float | None = pydantic.Field(default=None, json_schema_extra={"enum": [1, 1.5, 2]})
    """Stop bits of a character on a serial line: 1, 1.5 or 2; left out, mostly 1."""
    flow_control: Literal["none", "xon_xoff", "rts_cts", "dtr_dsr"] | None = None
    """Flow control of a serial line; left out, mostly ``none``."""
    identity: str = ""
    """Text that its answer to ``*IDN?`` holds, such as a serial number; without, any model of the driver will do. A
    simulated instrument of several models is the one named here, such as ``33622A``."""

    @pydantic.field_validator("stop_bits")
    @classmethod
    def _possible(cls, stop_bits: float | None) -> float | None:
        if stop_bits not in (None, 1, 1.5, 2):
            raise InputError(f"must be 1, 1.5 or 2 (found {stop_bits:g})")
        return stop_bits


class SourceMeterSettings(RoleSettings):
    """A source-meter and how it is connected."""

    wires: Literal[2, 4] = 2
    """4 where sense leads reach the device: the lead resistance of the wiring is then in no reading."""


class CoilSettings(RoleSettings):
    """A coil and its supply."""

    constant: float = pydantic.Field(default=..., gt=0)
    """Field that one ampere makes at the device [T/A]."""
    ramp: Positive = 0.1
    """Fastest change of the field [T/s]; a coil answers a faster one with a voltage."""


class TemperatureControllerSettings(RoleSettings):
    """A temperature controller with its sensor and heater."""

    sensor: str = pydantic.Field(default="A", pattern="^[A-D][1-5]?$")
    """Input that the sensor at the device is connected to, ``A`` to ``D5``."""
    output: int = pydantic.Field(default=1, ge=1, le=4)
    """Output that the heater is connected to."""
    heater: Literal["low", "medium", "high"] = "medium"
    """Range of the heater."""
    heater_off_at_end: bool = False
    """Whether closing the bench switches the heater off; a cryostat that is to stay cold or warm says no."""


class MultiplexerSettings(RoleSettings):
    """A multiplexer with the junctions behind it."""

    junctions: dict[str, int] = pydantic.Field(default=..., min_length=1)
    """Channel of each junction, by its name: ``A1 = 101``."""


class OscilloscopeSettings(RoleSettings):
    """An oscilloscope and where it looks."""

    channel: int = pydantic.Field(default=1, ge=1, le=4)
    """Channel that looks at the pulse."""
    position: Literal["beside", "instead"] = "beside"
    """Where it looks: ``beside`` the device, at its contacts, or ``instead`` of it, at the end of the cable."""
    impedance: Positive = 1e6
    """What it loads the line with, its own input, probe and feed-through terminator together [Ω]."""
    probe: Literal[1, 10, 100] = 1
    """Attenuation of its probe."""
    accuracy: float = pydantic.Field(default=0.005, ge=0, le=0.5)
    """Largest relative error of its vertical scale, by its data sheet."""
    trigger: str = pydantic.Field(default="EX5", pattern="^(EX|EX5|C[1-4])$")
    """Input that the generator's trigger output reaches: ``EX`` (up to 0.6 V), ``EX5`` (up to 3 V) or a channel."""
    trigger_level: float = 0.5
    """Voltage that makes a trigger; a negative one on the falling edge [V]."""


class Roles(Section):
    """The instruments on the table, in the order in which they are made safe."""

    pulse_generator: RoleSettings | None = None
    """Sends voltage pulses to the device."""
    current_source: RoleSettings | None = None
    """Drives a current through a bar."""
    source_meter: SourceMeterSettings | None = None
    """Biases the device and reads its current."""
    nanovoltmeter: RoleSettings | None = None
    """Reads small voltages."""
    oscilloscope: OscilloscopeSettings | None = None
    """Looks at the pulses that reach the device."""
    multiplexer: MultiplexerSettings | None = None
    """Connects one of several junctions."""
    coil: CoilSettings | None = None
    """Makes the field in the plane of the junction."""
    perpendicular_coil: CoilSettings | None = None
    """Makes the field along the film normal."""
    temperature_controller: TemperatureControllerSettings | None = None
    """Reads and holds the temperature."""

    def __iter__(self) -> Iterator[tuple[str, RoleSettings]]:  # type: ignore[override]
        """Go through the roles that this bench has: name and settings."""
        for name in type(self).model_fields:
            settings = getattr(self, name)
            if settings is not None:
                yield name, settings
