"""A simulated Siglent SDS1000X HD: one channel looks at the pulse at the device, the others at its own square wave."""

import struct

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments import OscilloscopeSettings
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.siglent_measurements import SiglentMeasurements
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

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
ON_OFF = ("ON", "OFF")
STEPS = np.array([float(f"{lead}e{power}") for power in range(-10, 4) for lead in (1, 2, 5)])
"""Seconds a division."""
LARGEST_MEMORY = 1e6
"""Samples of a sweep at most; the instrument itself has fifty times as many."""
AUTO_MEMORY = 1e4
"""Samples of a sweep in the mode AUTO at most, of which there may be many a second."""
CALIBRATOR, CALIBRATOR_PERIOD = 3.0, 1e-3
"""Height [V] and period [s] of the square wave at the CAL terminal."""
AUTO_SCALE, AUTO_TIME = 1.0, 5e-4
"""Volts and seconds a division that ``:AUToset`` finds for that wave."""
DESCRIPTOR = 346
"""Bytes of a preamble."""
ACCURACY = 0.005


class SimulatedSiglentSDS1000XHD(ScpiInstrument):
    """The oscilloscope; the generator's trigger output reaches its trigger input, whichever it listens to.

    Parameters
    ----------
    context
        What the bench gives it; its settings say which channel looks, where, and what it loads the line with.

    Notes
    -----
    After PyMeasure's driver and Siglent's programming guide EN11G. Words are answered as the guide spells them. Probes
    of the channels that do not look at the device hang at the CAL terminal, a square wave of 3 V and 1 kHz, as they
    do on a shelf. The scale is wrong by a constant within the data
    sheet's half of a per cent, or what the bench file states, drawn from the seed.
    """

    channels = 4
    long_words = True

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("Siglent Technologies,SDS1204X HD,SDS10000000000,3.8.12.1.1.4.9", context.wiring.clock)
        self._wiring = context.wiring
        looks = context.settings if isinstance(context.settings, OscilloscopeSettings) else None
        self._looking = looks.channel if looks is not None else 1
        self._probe = looks.probe if looks is not None else 1
        self._random = np.random.default_rng(context.seed)
        accuracy = looks.accuracy if looks is not None else ACCURACY
        self._gain = 1 + self._random.uniform(-accuracy, accuracy)
        self._zero = self._random.uniform(-OFFSET_ERROR, OFFSET_ERROR)
        self._state = "Auto"
        self._codes = np.zeros((self.channels, 0), "<i2")
        self._descriptors = [b""] * self.channels
        self._enter_channels()
        self._enter_time()
        self._enter_trigger()
        self._enter_waveform()
        self._enter_display()
        self._measurements = SiglentMeasurements(self, self._sweep)
        instead = looks is not None and looks.position == "instead"
        context.junction_wiring.look_at_pulses(
            self._see, looks.impedance if looks is not None else 1e6, instead=instead
        )

    def _enter_channels(self) -> None:
        self.number(":CHANnel#:SCALe", 1.0, 1e-3, 10.0, key="scale", unit="V")
        self.number(":CHANnel#:OFFSet", 0.0, -100.0, 100.0, key="offset", unit="V")
        self.choice(":CHANnel#:COUPling", "DC", ("DC", "AC", "GND"), key="coupling")
        self.choice(":CHANnel#:SWITch", "ON", ON_OFF, key="switch")
        self.number(":CHANnel#:PROBe", 1.0, 1e-3, 1000.0, key="probe")
        self.choice(":CHANnel#:VISible", "ON", ON_OFF)
        self.choice(":CHANnel#:BWLimit", "FULL", ("FULL", "20M", "200M", *ON_OFF))
        self.choice(":CHANnel#:INVert", "OFF", ON_OFF)
        self.choice(":CHANnel#:IMPedance", "ONEMeg", ("ONEMeg", "FIFTy"))
        self.choice(":CHANnel#:UNIT", "V", ("V", "A"))
        self.choice(":CHANnel#:LABel", "OFF", ON_OFF)
        self.text(":CHANnel#:LABel:TEXT", "", 20)
        self.number(":CHANnel#:SKEW", 0.0, -1e-7, 1e-7, unit="S")

    def _enter_time(self) -> None:
        self.number(":TIMebase:SCALe", 1e-6, 200e-12, 1000.0, key="time", unit="S")
        self.number(":TIMebase:DELay", 0.0, -5000.0, 5000.0, key="delay", unit="S")
        self.choice(":ACQuire:MDEPth", "10M", ("AUTO", "10K", "100K", "1M", "10M", "50M"), key="depth")
        self.choice(":ACQuire:TYPE", "NORMal", ("NORMal", "PEAK", "AVERage", "ERES"))
        self.choice(":ACQuire:AMODe", "FAST", ("FAST", "SLOW"))
        self.choice(":ACQuire:INTerpolation", "ON", ON_OFF)
        self.choice(":ACQuire:MMANagement", "AUTO", ("AUTO", "FSRate", "FMDepth"))
        self.choice(":ACQuire:MODE", "YT", ("YT", "XY", "ROLL"))
        self.number(":ACQuire:NUMacq", 1, 1, 1e6, integer=True)
        self.choice(":ACQuire:RESolution", "8Bits", ("8Bits", "10Bits"))
        self.choice(":ACQuire:SEQuence", "OFF", ON_OFF)
        self.number(":ACQuire:SEQuence:COUNt", 1, 1, 1000, integer=True)
        self.action(":ACQuire:CSWeep", lambda: None)
        self.query(":ACQuire:SRATe", lambda: f"{1 / self._interval:.2E}")
        self.query(":ACQuire:POINts", lambda: f"{self._points:.2E}")

    def _enter_trigger(self) -> None:
        self.choice(":TRIGger:MODE", "AUTO", ("AUTO", "NORMal", "SINGle", "FTRIG"), key="mode")
        self.choice(":TRIGger:EDGE:SOURce", "C1", (*INPUTS, "EX", "EX5", "LINE"), key="source")
        self.query(":TRIGger:TYPE", lambda: "EDGE")
        self.query(":TRIGger:FREQuency", lambda: f"{1 / CALIBRATOR_PERIOD:.2E}")
        self.choice(":TRIGger:EDGE:COUPling", "DC", ("DC", "AC", "LFREJect", "HFREJect"))
        self.choice(":TRIGger:EDGE:HOLDoff", "OFF", ("OFF", "EVENts", "TIME"))
        self.number(":TRIGger:EDGE:HLDEVent", 1, 1, 1e8, integer=True)
        self.number(":TRIGger:EDGE:HLDTime", 8e-9, 8e-9, 30.0, unit="S")
        self.choice(":TRIGger:EDGE:HSTart", "LAST_TRIG", ("LAST_TRIG", "ACQ_START"))
        self.choice(":TRIGger:EDGE:IMPedance", "ONEMeg", ("ONEMeg", "FIFTy"))
        self.choice(":TRIGger:EDGE:NREJect", "OFF", ON_OFF)
        self.action(":TRIGger:FORce", self._show_free)
        self.choice(":TRIGger:EDGE:SLOPe", "RISing", ("RISing", "FALLing", "ALTernate"), key="slope")
        self.number(":TRIGger:EDGE:LEVel", 0.0, -41.0, 41.0, key="level", unit="V")
        self.action(":TRIGger:RUN", self._run)
        self.action(":TRIGger:STOP", self.abort)
        self.query(":TRIGger:STATus", self._status)

    def _enter_waveform(self) -> None:
        self.choice(":WAVeform:SOURce", "C1", (*INPUTS, *(f"F{number}" for number in range(1, 5))), key="shown")
        self.number(":WAVeform:STARt", 0, 0, LARGEST_MEMORY, key="start", integer=True)
        self.choice(":WAVeform:WIDTh", "BYTE", ("BYTE", "WORD"), key="width")
        self.number(":WAVeform:INTerval", 1, 1, LARGEST_MEMORY, integer=True)
        self.number(":WAVeform:POINt", 0, 0, LARGEST_MEMORY, key="points", integer=True)
        self.query(":WAVeform:MAXPoint", lambda: f"{LARGEST_MEMORY:.2E}")
        self.query(":WAVeform:PREamble", self._preamble)
        self.query(":WAVeform:DATA", self._data)

    def _enter_display(self) -> None:
        self.action(":AUToset", self._set_automatically)
        self.choice(":TIMebase:REFerence", "DELay", ("DELay", "POSition"))
        self.number(":TIMebase:REFerence:POSition", 50, 0, 100, integer=True)
        self.choice(":TIMebase:WINDow", "OFF", ON_OFF)
        self.number(":TIMebase:WINDow:DELay", 0.0, -5e5, 5e5, unit="S")
        self.number(":TIMebase:WINDow:SCALe", 1e-6, 200e-12, 1000.0, unit="S")

    def changed(self, key: str) -> None:
        """Take the next step of the time base, and refuse a trigger level beyond the input's range."""
        if key == "time":
            self.settings["time"] = float(STEPS[np.searchsorted(STEPS, self.value("time") * (1 - 1e-9))])
        if key == "mode" and self._state == "Auto" and self.settings["mode"] != "AUTO":
            self._state = "Stop"  # until it is run
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
        self._state = "Auto"

    def _run(self) -> None:
        self._state = "Ready" if self.settings["mode"] in ("SINGle", "NORMal") else "Auto"

    def _status(self) -> str:
        self._wiring.elapse()  # a pulse that came by itself is a trigger
        return self._state

    @property
    def _points(self) -> int:
        depth = {"10K": 1e4, "100K": 1e5}.get(str(self.settings["depth"]), LARGEST_MEMORY)
        if self.settings["mode"] == "AUTO":
            depth = AUTO_MEMORY
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
        times = self._times()
        traces = self._calibrator(times)
        traces[self._looking - 1] = (base + _seen(pulse, times)) / self._probe
        self._convert(traces, base)
        if self.settings["mode"] == "SINGle":
            self._state = "Stop"

    def _times(self) -> Values:
        samples = np.arange(self._points, dtype=np.float64) - self._points / 2
        return np.asarray(self.value("delay") + samples * self._interval)

    def _calibrator(self, times: Values) -> Values:
        """Show the square wave at the CAL terminal, rising at the trigger, on all channels."""
        high = np.mod(times, CALIBRATOR_PERIOD) < CALIBRATOR_PERIOD / 2
        probes = np.array([self.value(f"probe{number}") for number in range(1, 1 + self.channels)])
        return np.outer(CALIBRATOR / probes, high)

    def _show_free(self) -> None:
        """Take a sweep that no pulse triggers."""
        traces = self._calibrator(self._times())
        traces[self._looking - 1] = 0.0
        self._convert(traces, 0.0)

    def _convert(self, traces: Values, base: float) -> None:
        """Take what the channels see into the memory."""
        scales = np.array([self.value(f"scale{number}") for number in range(1, 1 + self.channels)])
        probes = np.array([self.value(f"probe{number}") for number in range(1, 1 + self.channels)])
        divisions = self._gain * self._coupled(traces, base) * (probes / scales)[:, None] + self._zero
        divisions += [[self.value(f"offset{n}") / scale] for n, scale in enumerate(scales, 1)]
        noise = np.maximum(NOISE, 2e-4 * probes / scales)[:, None] * self._random.standard_normal(divisions.shape)
        codes = np.round((divisions + noise) * CODES / STEP) * STEP
        self._codes = np.clip(codes, -32768, 32767 - 15).astype("<i2")
        self._descriptors = [self._descriptor(number) for number in range(1, 1 + self.channels)]

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
            elif coupling == "AC":
                trace -= base / self._probe if number == self._looking else trace.mean()
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
        struct.pack_into("<h", descriptor, 0x144, int(np.searchsorted(STEPS, self.value("time") * (1 - 1e-9))) - 1)
        struct.pack_into("<f", descriptor, 0x148, probe)
        return bytes(descriptor)

    def _set_automatically(self) -> None:
        """Find the square wave that the probes hang at, and keep showing it."""
        for number in range(1, 1 + self.channels):
            scale = AUTO_SCALE * self.value(f"probe{number}")
            self.settings |= {f"scale{number}": min(scale, 10.0), f"coupling{number}": "DC", f"offset{number}": 0.0}
            self.settings[f"offset{number}"] = -CALIBRATOR / 2
        self.settings |= {"time": AUTO_TIME, "delay": 0.0, "mode": "AUTO", "source": "C1", "level": CALIBRATOR / 2}
        self._state = "Auto"

    def _preamble(self) -> bytes:
        if self._state == "Auto" and self.settings["mode"] == "AUTO":
            self._show_free()
        return self._block(self._descriptors[self._shown])

    def _data(self) -> bytes:
        first, count = int(self.value("start")), int(self.value("points"))
        codes = self._codes[self._shown, first : first + count if count else None]
        if not codes.size:
            raise ScpiError(-230)
        return self._block((codes if self.settings["width"] == "WORD" else (codes >> 8).astype(np.int8)).tobytes())

    def _sweep(self, channel: int) -> tuple[Values, float]:
        """Give what a channel sees now [V], and the time between samples [s]."""
        self._preamble()
        number = str(channel)
        volts = self._codes[channel - 1] / CODES * self.value("scale" + number) - self.value("offset" + number)
        return volts, self._interval

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
