"""What the two-channel function generators share: levels, times and burst of channel 1 make its pulses."""

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.simulated_pulse_generator import SimulatedPulseGenerator, open_circuit
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["LevelRange", "Levels", "PulseTimes", "TimeRange", "SimulatedFunctionGenerator"]


@dataclasses.dataclass(frozen=True)
class LevelRange:
    """What a generator can give into the load that it is set for."""

    reach: float
    """Largest magnitude of a level [V]."""
    smallest: float
    """Smallest amplitude [V]."""
    largest: float
    """Largest amplitude [V]."""


@dataclasses.dataclass(frozen=True)
class Levels:
    """Amplitude, offset, high and low level [V]."""

    amplitude: float
    offset: float
    high: float
    low: float

    def agreed(self, name: str, limits: LevelRange) -> "Levels":
        """Let the others follow the one that was just set, within the range.

        Parameters
        ----------
        name
            The one just set: ``amplitude``, ``offset``, ``high`` or ``low``.
        limits
            Range of the generator.

        Notes
        -----
        The one that was set last is kept, and its partner gives way: high pushes low and low pushes high, the offset
        shrinks the amplitude to its smallest before it is cut itself.
        """
        if name in ("high", "low"):
            return self._by_levels(name, limits)
        if name == "amplitude":
            amplitude = min(max(self.amplitude, limits.smallest), limits.largest)
            room = limits.reach - amplitude / 2
            offset = min(max(self.offset, -room), room)
        else:
            room = limits.reach - limits.smallest / 2
            offset = min(max(self.offset, -room), room)
            amplitude = max(min(self.amplitude, 2 * (limits.reach - abs(offset))), limits.smallest)
        return Levels(amplitude, offset, offset + amplitude / 2, offset - amplitude / 2)

    def _by_levels(self, name: str, limits: LevelRange) -> "Levels":
        high, low = self.high, self.low
        if name == "high":
            low = max(min(low, high - limits.smallest), high - limits.largest)
        else:
            high = min(max(high, low + limits.smallest), low + limits.largest)
        return Levels(high - low, (high + low) / 2, high, low)


EDGE_SHARE = 0.8
"""Share of a pulse's width that an edge may take, from 10 to 90 %."""


@dataclasses.dataclass(frozen=True)
class TimeRange:
    """What a generator can give."""

    width: float
    """Shortest width, and shortest pause between two pulses [s]."""
    edge: float
    """Shortest edge [s]."""
    period: float
    """Longest period [s]."""


@dataclasses.dataclass(frozen=True)
class PulseTimes:
    """Period, width and edges of a pulse [s]."""

    period: float
    width: float
    rise: float
    fall: float

    def agreed(self, name: str, limits: TimeRange, duty: float | None) -> tuple["PulseTimes", bool]:
        """Let the others follow the one that was just set.

        Parameters
        ----------
        name
            The one just set: ``period``, ``width``, ``duty``, ``rise`` or ``fall``.
        limits
            Range of the generator.
        duty
            Duty cycle [%] that was set, or that a change of the period keeps; None where it keeps the width.

        Returns
        -------
        PulseTimes, bool
            The times, and whether they fitted as they were asked for.

        Notes
        -----
        The one that was set last is kept and the others give way: a shorter period cuts the width, a longer width
        stretches the period, and edges take at most `EDGE_SHARE` of the width.
        """
        period = self.period
        wanted = width = self.width if duty is None or name not in ("duty", "period") else period * duty / 100
        if name in ("rise", "fall"):
            width = max(width, getattr(self, name) / EDGE_SHARE)
        width = min(max(width, limits.width), limits.period - limits.width)
        if name in ("period", "duty"):
            width = max(min(width, period - limits.width), limits.width)
        else:
            period = max(period, width + limits.width)
        longest = max(EDGE_SHARE * width, limits.edge)
        after = PulseTimes(period, width, min(self.rise, longest), min(self.fall, longest))
        return after, after == dataclasses.replace(self, width=wanted)


LEVELS = ("amplitude", "offset", "high", "low")
LIMITS = ("limit_high", "limit_low", "limited")
TIMES = {"frequency": "period", "period": "period", "width": "width", "duty": "duty", "edge": "rise", "fall": "fall"}
"""Settings of the times, and which time of the pulse each sets."""
APPLIED = {"frequency": (1e3, 1e-6, 500e6, "HZ"), "amplitude": (0.1, 0.0, 20.0, "V"), "offset": (0.0, -10.0, 10.0, "V")}
"""What ``DEF`` stands for in ``:APPLy``, the lowest and the highest value, and the unit."""


class SimulatedFunctionGenerator(SimulatedPulseGenerator):
    """A generator of two channels, of which channel 1 reaches the device.

    The dialect says by which words its settings are set: `amplitude`, `offset`, `high`, `low`, `limit_high`,
    `limit_low`, `limited`, `shape`, `frequency`, `period`, `width`, `duty`, `hold`, `edge`, `fall`, `burst`,
    `burst_period`, `load`, `polarity` and `output`.

    Notes
    -----
    Of settings that contradict each other the last one is kept and the others give way, with -221; levels beyond the
    limits that the user gave the instrument are refused.
    """

    channels = 2
    REACH: ClassVar[float]
    """Largest level into 50 Ω [V]."""
    SWING: ClassVar[tuple[float, float]]
    """Smallest and largest amplitude into 50 Ω [V]."""
    time: TimeRange
    fastest: Mapping[str, float]
    """Highest frequency by shape [Hz]; that of any other under the empty word."""
    _quiet = False

    def changed(self, key: str) -> None:
        """Let the settings agree with the one that was just changed, and the pulses follow.

        Raises
        ------
        ScpiError
            -221 for levels beyond the limits, -222 for a frequency that the shape cannot have.
        """
        name, channel = key[:-1], key[-1]
        if name in LEVELS:
            self._agree_levels(name, channel)
        elif name in LIMITS:
            self._check_limits(self._levels(channel), channel)
        elif name in TIMES:
            self._agree_times(name, channel)
        elif name == "shape":
            self._agree_levels("amplitude", channel)
            self._agree_times("shape", channel)
        super().changed(key)

    # levels

    def _levels(self, channel: str) -> Levels:
        return Levels(*(self.value(name + channel) for name in LEVELS))

    def _agree_levels(self, name: str, channel: str) -> None:
        before = self._levels(channel)
        shape = self.settings[f"shape{channel}"]
        # Voltages are set into a load: into an open end all of them double.
        scale = 2 / open_circuit(self.value(f"load{channel}"))
        smallest, largest = self.SWING
        limits = LevelRange(scale * self.REACH, 0.0 if shape == "DC" else smallest, scale * largest)
        after = before.agreed(name, limits)
        self._check_limits(after, channel)
        partner = {"high": "low", "low": "high", "amplitude": "offset", "offset": "amplitude"}[name]
        if shape == "DC" and name == "offset":  # the amplitude is that of the next shape
            after = Levels(before.amplitude, after.offset, after.offset, after.offset)
        self._keep(dict(zip(LEVELS, (after.amplitude, after.offset, after.high, after.low), strict=True)), channel)
        if abs(getattr(after, partner) - getattr(before, partner)) > 1e-12:
            self._warn()

    def _warn(self) -> None:
        """Tell that a setting gave way to the one that was just made."""
        if not self._quiet:
            self.report(ScpiError(-221))

    def _check_limits(self, levels: Levels, channel: str) -> None:
        inside = self.value(f"limit_low{channel}") <= levels.low + 1e-9
        inside = inside and levels.high - 1e-9 <= self.value(f"limit_high{channel}")
        if self.settings[f"limited{channel}"] and not inside:
            raise ScpiError(-221)

    def _keep(self, values: Mapping[str, float], channel: str) -> None:
        self.settings.update({name + channel: value for name, value in values.items()})

    # times

    def _agree_times(self, name: str, channel: str) -> None:
        """Let period, width and edges agree; `name` is what was set, ``shape`` among it."""
        fastest = self.fastest.get(str(self.settings[f"shape{channel}"]), self.fastest[""])
        values = {each: self.value(each + channel) for each in TIMES}
        frequency, period = values["frequency"], values["period"]
        if name == "period":
            frequency = 1 / period
        elif name == "frequency" and frequency > fastest * (1 + 1e-9):
            raise ScpiError(-222)
        frequency = min(frequency, fastest) if name == "shape" else frequency
        period = 1 / frequency if name in ("frequency", "shape") else period
        before = PulseTimes(period, values["width"], values["edge"], values["fall"])
        held = values["duty"] if self.settings[f"hold{channel}"] == "DCYC" else None
        time = TIMES.get(name, "period")
        after, agreed = before.agreed(time, self.time, values["duty"] if name == "duty" else held)
        times = {"period": after.period, "width": after.width, "edge": after.rise, "fall": after.fall}
        times["frequency"] = frequency if after.period == period else 1 / after.period
        times["duty"] = values["duty"] if name == "duty" else 100 * after.width / after.period
        self._keep(times, channel)
        if self.settings[f"shape{channel}"] == "PULS" and not agreed:
            self._warn()

    # all at once

    def enter_apply(self, pattern: str, shapes: Mapping[str, str]) -> None:
        """Enter ``:APPLy:SHAPe [frequency[, amplitude[, offset]]]``, which also connects the output.

        Parameters
        ----------
        pattern
            Header up to the shape.
        shapes
            Setting `shape` by the last word of the header.
        """
        for word, shape in shapes.items():
            self.tree.add(f"{pattern}:{word}", Command(set=partial(self._apply, shape)))

    def _apply(self, shape: str, suffixes: tuple[int, ...], words: list[str]) -> None:
        channel = str(suffixes[-1] if suffixes else 1)
        if channel not in ("1", "2"):
            raise ScpiError(-114)
        if len(words) > len(APPLIED):
            raise ScpiError(-108)
        before, self._quiet = dict(self.settings), True  # it makes what does not fit fit, without a word
        try:
            self._set_one(f"shape{channel}", shape)
            for (name, (default, low, high, unit)), word in zip(APPLIED.items(), words, strict=False):
                value = default if word.upper() in ("DEF", "DEFAULT") else self.one_number([word], low, high, unit)
                if shape != "DC" or name == "offset":
                    self._set_one(name + channel, value)
            self.apply_runs(channel)
            self._set_one(f"output{channel}", True)
        except ScpiError:
            self.settings.update(before)
            raise
        finally:
            self._quiet = False

    def apply_runs(self, channel: str) -> None:
        """Let a channel run freely, without bursts, as ``:APPLy`` leaves it."""
        raise NotImplementedError

    def _set_one(self, key: str, value: float | str | bool) -> None:
        self.settings[key] = value
        self.changed(key)

    # what reaches the device

    @property
    def ready(self) -> bool:
        """Whether channel 1 is on and makes pulses."""
        return bool(self.settings["output1"]) and self.settings["shape1"] == "PULS"

    @property
    def burst(self) -> int:
        """Pulses a trigger."""
        return int(self.value("burst1"))

    def pulse(self) -> Pulse:
        """Describe the pulse of channel 1; an inverted one rests at its high level."""
        swing = (self.value("high1") - self.value("low1")) * (-1 if self.settings["polarity1"] == "INV" else 1)
        return Pulse(
            swing * open_circuit(self.value("load1")), self.value("width1"), self.value("edge1"), self.value("fall1")
        )
