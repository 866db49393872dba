"""A simulated Siglent SDS1000X HD: one channel looks at the pulse at the device."""

import struct

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.role_settings import OscilloscopeSettings
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedSiglentSDS1000XHD"]

Values = NDArray[np.float64]

SAMPLE_RATE = 2e9
BANDWIDTH = 200e6
CODES = 7680
"""Codes of 16 bits a division."""
STEP = 16
"""Codes of a step of the converter, which has 12 bits."""
NOISE = 0.01
"""Noise of a sample in divisions, 200 µV at least. Chosen here."""
DIVISIONS = 10
"""Divisions across."""
OFFSET_ERROR = 0.02
"""Largest error of the zero in divisions. Chosen here."""
INPUTS = ("C1", "C2", "C3", "C4", *(f"D{number}" for number in range(16)))
STEPS = np.array([float(f"{lead}e{power}") for power in range(-10, 4) for lead in (1, 2, 5)])
"""Seconds a division."""
LARGEST_MEMORY = 1e6
"""Samples of a sweep at most; the instrument itself has fifty times as many."""
DESCRIPTOR = 346
"""Bytes of a preamble."""
ACCURACY = 0.005


class SimulatedSiglentSDS1000XHD(ScpiInstrument):
    """The oscilloscope; the generator's trigger output reaches its trigger input, whichever it listens to.

    Parameters
    ----------
    place
        Its place on the bench; its settings say which channel looks, where, and what it loads the line with.

    Notes
    -----
    After PyMeasure's driver and Siglent's programming guide EN11G. The scale is wrong by a constant within the data
    sheet's half of a per cent, or what the bench file states, drawn from the seed.
    """

    channels = 4

    def __init__(self, place: Place) -> None:
        super().__init__("Siglent Technologies,SDS1204X HD,SDS10000000000,3.8.12.1.1.4.9", place.wiring.clock)
        self._wiring = place.wiring
        looks = place.settings if isinstance(place.settings, OscilloscopeSettings) else None
        self._looking = looks.channel if looks is not None else 1
        self._probe = looks.probe if looks is not None else 1
        self._random = np.random.default_rng(place.seed)
        accuracy = looks.accuracy if looks is not None else ACCURACY
        self._gain = 1 + self._random.uniform(-accuracy, accuracy)
        self._zero = self._random.uniform(-OFFSET_ERROR, OFFSET_ERROR)
        self._state = "Stop"
        self._codes = np.zeros((self.channels, 0), "<i2")
        self._descriptors = [b""] * self.channels
        self._enter_channels()
        self._enter_time()
        self._enter_trigger()
        self._enter_waveform()
        instead = looks is not None and looks.position == "instead"
        place.wiring.look_at_pulses(self._see, looks.impedance if looks is not None else 1e6, instead=instead)

    def _enter_channels(self) -> None:
        self.number(":CHANnel#:SCALe", 1.0, 1e-3, 10.0, key="scale", unit="V")
        self.number(":CHANnel#:OFFSet", 0.0, -100.0, 100.0, key="offset", unit="V")
        self.choice(":CHANnel#:COUPling", "DC", ("DC", "AC", "GND"), key="coupling")
        self.choice(":CHANnel#:SWITch", "ON", ("ON", "OFF"), key="switch")
        self.number(":CHANnel#:PROBe", 1.0, 1e-3, 1000.0, key="probe")

    def _enter_time(self) -> None:
        self.number(":TIMebase:SCALe", 1e-6, 200e-12, 1000.0, key="time", unit="S")
        self.number(":TIMebase:DELay", 0.0, -5000.0, 5000.0, key="delay", unit="S")
        self.choice(":ACQuire:MDEPth", "10M", ("AUTO", "10K", "100K", "1M", "10M", "50M"), key="depth")
        self.query(":ACQuire:SRATe", lambda: f"{1 / self._interval:.2E}")
        self.query(":ACQuire:POINts", lambda: f"{self._points:.2E}")

    def _enter_trigger(self) -> None:
        self.choice(":TRIGger:MODE", "AUTO", ("AUTO", "NORMal", "SINGle", "FTRIG"), key="mode")
        self.choice(":TRIGger:EDGE:SOURce", "C1", (*INPUTS, "EX", "EX5", "LINE"), key="source")
        self.choice(":TRIGger:EDGE:SLOPe", "RISing", ("RISing", "FALLing", "ALTernate"), key="slope")
        self.number(":TRIGger:EDGE:LEVel", 0.0, -41.0, 41.0, key="level", unit="V")
        self.action(":TRIGger:RUN", self._run)
        self.action(":TRIGger:STOP", self.abort)
        self.query(":TRIGger:STATus", self._status)

    def _enter_waveform(self) -> None:
        self.choice(":WAVeform:SOURce", "C1", (*INPUTS, *(f"F{number}" for number in range(1, 5))), key="shown")
        self.number(":WAVeform:STARt", 0, 0, LARGEST_MEMORY, key="start", integer=True)
        self.choice(":WAVeform:WIDTh", "BYTE", ("BYTE", "WORD"), key="width")
        self.query(":WAVeform:PREamble", lambda: self._block(self._descriptors[self._shown]))
        self.query(":WAVeform:DATA", self._data)

    def changed(self, key: str) -> None:
        """Take the next step of the time base, and refuse a trigger level beyond the input's range."""
        if key == "time":
            self.settings["time"] = float(STEPS[np.searchsorted(STEPS, self.value("time") * (1 - 1e-9))])
        largest = {"EX": 0.61, "EX5": 3.05}.get(str(self.settings["source"]), 41.0)
        if key == "level" and abs(self.value("level")) > largest:
            raise ScpiError(-222)

    def abort(self) -> None:
        """Stop waiting for a trigger."""
        super().abort()
        self._state = "Stop"

    def reset(self) -> None:
        """Return to the settings of ``*RST``; the sweeps are gone."""
        super().reset()
        self._codes = np.zeros((self.channels, 0), "<i2")

    def _run(self) -> None:
        self._state = "Ready" if self.settings["mode"] in ("SING", "NORM") else "Auto"

    def _status(self) -> str:
        self._wiring.elapse()  # a pulse that came by itself is a trigger
        return self._state

    @property
    def _points(self) -> int:
        depth = {"10K": 1e4, "100K": 1e5}.get(str(self.settings["depth"]), LARGEST_MEMORY)
        return int(min(depth, round(DIVISIONS * self.value("time") * SAMPLE_RATE)))

    @property
    def _interval(self) -> float:
        return DIVISIONS * self.value("time") / self._points

    @property
    def _shown(self) -> int:
        shown = str(self.settings["shown"])
        if shown not in INPUTS[: self.channels]:
            raise ScpiError(-221)
        return int(shown[1]) - 1

    def _see(self, pulse: Pulse, base: float) -> None:
        """Take a sweep, where a trigger is waited for and this is one."""
        if self._state not in ("Ready", "Auto") or not self._fires(pulse, base):
            return
        samples = np.arange(self._points, dtype=np.float64) - self._points / 2
        times = self.value("delay") + samples * self._interval
        traces = np.zeros((self.channels, times.size))
        traces[self._looking - 1] = (base + _seen(pulse, times)) / self._probe
        scales = np.array([self.value(f"scale{number}") for number in range(1, 1 + self.channels)])
        probes = np.array([self.value(f"probe{number}") for number in range(1, 1 + self.channels)])
        divisions = self._gain * self._coupled(traces, base) * (probes / scales)[:, None] + self._zero
        divisions += [[self.value(f"offset{n}") / scale] for n, scale in enumerate(scales, 1)]
        noise = np.maximum(NOISE, 2e-4 * probes / scales)[:, None] * self._random.standard_normal(divisions.shape)
        codes = np.round((divisions + noise) * CODES / STEP) * STEP
        self._codes = np.clip(codes, -32768, 32767 - 15).astype("<i2")
        self._descriptors = [self._descriptor(number) for number in range(1, 1 + self.channels)]
        if self.settings["mode"] == "SING":
            self._state = "Stop"

    def _fires(self, pulse: Pulse, base: float) -> bool:
        source = str(self.settings["source"])
        if source in ("EX", "EX5"):
            return True
        if source != f"C{self._looking}":
            return False
        levels = sorted((base, base + pulse.amplitude))
        return levels[0] < self.value("level") < levels[1]

    def _coupled(self, traces: Values, base: float) -> Values:
        """Take out of each channel what its coupling keeps from the converter."""
        for number, trace in enumerate(traces, 1):
            coupling = self.settings[f"coupling{number}"]
            if coupling == "GND" or self.settings[f"switch{number}"] == "OFF":
                trace[:] = 0.0
            elif coupling == "AC" and number == self._looking:
                trace -= base / self._probe
        return traces

    def _descriptor(self, number: int) -> bytes:
        """Describe a channel's sweep, little-endian, by the places that the programming guide gives."""
        descriptor = bytearray(DESCRIPTOR)
        descriptor[:8] = b"WAVEDESC"
        probe = self.value(f"probe{number}")
        scale, offset = self.value(f"scale{number}") / probe, self.value(f"offset{number}") / probe
        struct.pack_into("<3f", descriptor, 0x9C, scale, offset, CODES)
        struct.pack_into("<h", descriptor, 0xAC, 12)
        struct.pack_into("<f", descriptor, 0xB0, self._interval)
        struct.pack_into("<d", descriptor, 0xB4, self.value("delay"))
        struct.pack_into("<f", descriptor, 0x148, probe)
        return bytes(descriptor)

    def _data(self) -> bytes:
        codes = self._codes[self._shown, int(self.value("start")) :]
        if not codes.size:
            raise ScpiError(-230)
        return self._block((codes if self.settings["width"] == "WORD" else (codes >> 8).astype(np.int8)).tobytes())

    @staticmethod
    def _block(body: bytes) -> bytes:
        if not body:
            raise ScpiError(-230)
        return b"#9%09d" % len(body) + body + b"\n"  # one line end more than that of the answer, as HD models do


def _seen(pulse: Pulse, times: Values) -> Values:
    """Give the trapezoid as an input of one pole shows it, at times since it began to rise [s]."""
    delay = 1 / (2 * np.pi * BANDWIDTH)

    def ramp(since: Values) -> Values:
        after = np.maximum(since, 0.0)
        return after + delay * np.expm1(-after / delay)

    def edge(since: Values, length: float) -> Values:
        length = max(length, 1e-12)
        return np.asarray((ramp(since) - ramp(since - length)) / length)

    fall = pulse.duration - pulse.fall
    return np.asarray(pulse.amplitude * (edge(times, pulse.rise) - edge(times - fall, pulse.fall)))
