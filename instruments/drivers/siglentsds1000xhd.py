"""The Siglent SDS1000X HD as the oscilloscope."""

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from pymeasure.instruments.siglenttechnologies.siglent_sds1000xhd import SDS1000XHD

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.oscilloscope import OscilloscopeSettings, Waveform
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import UnexpectedAnswerError, answered_number, asking

__all__ = ["SiglentSDS1000XHDOscilloscope"]

DIVISIONS_ACROSS, DIVISIONS_UP = 10, 8
SMALLEST, LARGEST = 1e-3, 10.0
"""Volts a division, at the input."""
FASTEST, SLOWEST = 2e-9, 1e-3
"""Seconds a division; slower sweeps are no pulses of ours."""
END_OF_SCALE = 32_000
"""Codes of 16 bits, the converter's 12 on the left, that are taken for an end of its range."""
GETTING_READY = 2.0
"""Longest wait for the instrument to be ready for a trigger [s]."""
TRIGGER_WAIT = 1.0
"""Longest wait for the end of a sweep [s]; the trigger has been sent by then."""
POLL = 2e-3
"""Time between two questions whether it is ready [s]."""


class _Scales(NamedTuple):
    """What the preamble of a waveform says of its codes."""

    division: float
    """Volts a division at the instrument's input."""
    offset: float
    """Volts by which the trace was shifted up there."""
    codes: float
    """Codes a division."""
    interval: float
    """Time between samples [s]."""
    delay: float
    """Time from the trigger to the middle of the screen [s]."""
    probe: float
    """Attenuation of the probe."""

    @classmethod
    def of(cls, descriptor: bytes) -> Self:
        """Take them out of the descriptor, little-endian, by the places that Siglent's programming guide gives."""
        try:
            division, offset, codes = struct.unpack_from("<3f", descriptor, 0x9C)
            interval, delay = struct.unpack_from("<fd", descriptor, 0xB0)
            (probe,) = struct.unpack_from("<f", descriptor, 0x148)
        except struct.error as error:
            raise UnexpectedAnswerError(f"a preamble of {len(descriptor)} bytes") from error
        if not (division > 0 and codes > 0 and interval > 0 and probe > 0):
            raise UnexpectedAnswerError(f"a preamble with {division:g} V and {codes:g} codes a division")
        return cls(division, offset, codes, interval, delay, probe)


class SiglentSDS1000XHDOscilloscope(Adapter):
    """One channel of a Siglent SDS1000X HD, 12 bits, 200 MHz, 2 GSa/s, 1 MΩ.

    Parameters
    ----------
    role
        Resource and timeout; channel, trigger input, probe.
    wiring
        Not looked at.

    Notes
    -----
    Waveforms are taken as blocks of the length that they say. PyMeasure's driver reads up to a newline, which one
    sample in 256 looks like half of. Its switch for the limit of the bandwidth is left alone: ``*RST`` takes it off.
    """

    IDENTITIES = r",SDS1\d+X[ -]?HD,"
    MODELS = "Siglent SDS1000X HD series"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        self._role = role if isinstance(role, OscilloscopeSettings) else OscilloscopeSettings(driver=role.driver)
        super().__init__(SDS1000XHD(open_visa(role, self)), role.resource)
        number = self._role.channel
        self._channel = getattr(self.driver, f"channel_{number}")
        self._waveform = getattr(self.driver, f"wf_C{number}")
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        driver, role = self.driver, self._role
        driver.write("*RST")
        if driver.complete != "1":
            raise InstrumentError(f"{self.resource} did not finish *RST in time")
        self._channel.display_enabled = True
        self._channel.coupling = "DC"
        self._channel.probe = role.probe
        self._channel.offset = 0.0
        driver.acquisition.memory_depth = "10K"
        driver.timebase.delay = 0.0
        driver.trigger.mode = "SINGle"
        driver.trigger.edge_source = role.trigger
        driver.trigger.edge_slope = "RISing" if role.trigger_level >= 0 else "FALLing"
        driver.trigger.edge_level = role.trigger_level
        self._waveform.source = f"C{role.channel}"
        self._waveform.width = "WORD"
        self._refuse_errors("setting up")
        self._confirm("trigger level", role.trigger_level, driver.trigger.edge_level, "V")

    def set_vertical(self, largest: float) -> None:
        """Choose the range that holds voltages of either polarity up to this one [V], and read it back."""
        division, probe = 2 * largest / DIVISIONS_UP, self._role.probe
        if not SMALLEST * probe <= division <= LARGEST:
            half = DIVISIONS_UP / 2
            raise InputError(
                f"range = {largest:g} V: with probe = {probe} the SDS1000X HD takes {half * SMALLEST * probe:g} to "
                f"{half * LARGEST:g} V"
            )
        with self._talking():
            self._channel.scale = division
            self._confirm("volts a division", division, self._channel.scale, "V")
        self._refuse_errors("setting the range")

    def set_window(self, duration: float) -> None:
        """Let the screen hold at least so much time [s], up to ten times as much, the trigger in its middle."""
        division = duration / DIVISIONS_ACROSS
        if not FASTEST <= division <= SLOWEST:
            raise InputError(
                f"window = {duration:g} s: the SDS1000X HD is asked for {FASTEST * DIVISIONS_ACROSS:g} to "
                f"{SLOWEST * DIVISIONS_ACROSS:g} s"
            )
        with self._talking():
            driver = self.driver
            driver.timebase.scale = division
            taken = answered_number(driver.timebase.scale)  # in steps of 1, 2 and 5
        if not division * 0.999 <= taken <= 10 * division:
            raise InstrumentError(
                f"{self.resource} was asked for {division:g} s a division and has {taken:g} s: is it in another mode?"
            )
        self._refuse_errors("setting the time base")

    def start(self) -> None:
        """Wait for one trigger; come back when the instrument is ready for it.

        Raises
        ------
        InstrumentError
            If it does not become ready.
        """
        with self._talking():
            self.driver.trigger.mode = "SINGle"
            self.driver.trigger.run()
        self._wait_for("READY", GETTING_READY, "it does not become ready for a trigger")

    def fetch(self) -> Waveform:
        """Give the sweep of the trigger that has come since `start`.

        Raises
        ------
        InstrumentError
            If no trigger has come.
        """
        role = self._role
        self._wait_for(
            "STOP",
            TRIGGER_WAIT,
            f"no trigger above {role.trigger_level:g} V came at {role.trigger}: check the cable from the generator's "
            "trigger output, and [roles.oscilloscope] trigger and trigger_level",
        )
        connection: Any = self.driver.adapter
        with self._talking():
            points = int(answered_number(self.driver.acquisition.points))
            scales = _Scales.of(connection.query_bytes(":WAV:PRE?"))
            codes = asking(np.frombuffer, connection.query_bytes(":WAV:DATA?"), "<i2")
        if codes.size != points:
            raise InstrumentError(f"{self.resource} sent {codes.size} samples of {points}")
        voltages = (codes / scales.codes * scales.division - scales.offset) * scales.probe
        middle = codes.size * scales.interval / 2
        return Waveform(scales.delay - middle, scales.interval, voltages, bool(np.abs(codes).max() >= END_OF_SCALE))

    def _wait_for(self, status: str, longest: float, complaint: str) -> None:
        # Counted in its own waits: a computer that is slow to ask says nothing about the instrument.
        waited = 0.0
        while True:
            with self._talking():
                found = str(self.driver.trigger.status).strip()
            if found.upper() == status:
                return
            if waited > longest:
                with self._talking():
                    self.driver.trigger.stop()
                raise InstrumentError(f"{self.resource}: {complaint} (it says {found})")
            self.wait(POLL)
            waited += POLL

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            return {
                "scale": answered_number(self._channel.scale),
                "offset": answered_number(self._channel.offset),
                "probe": answered_number(self._channel.probe),
                "coupling": str(self._channel.coupling),
                "timebase_scale": answered_number(driver.timebase.scale),
                "trigger_source": str(driver.trigger.edge_source),
                "trigger_level": answered_number(driver.trigger.edge_level),
            }
