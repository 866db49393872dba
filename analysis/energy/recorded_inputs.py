"""What a recording says of the pulses, reads and junction that its bits took."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from mtjlab.analysis.energy.energy_inputs import INPUTS, EnergyInput, Origin
from mtjlab.core import InputError
from mtjlab.data import Recording

__all__ = ["RecordedPulses", "measured_junction", "recorded_pulses"]


class RecordedPulses(NamedTuple):
    """The pulses of a recording."""

    inputs: dict[str, EnergyInput]
    """What the recording says, by the names of `INPUTS`."""
    settings: list[tuple[float, float, float]]
    """Amplitude at the device [V], width [s] and number of bits of each setting that there was."""


def recorded_pulses(
    recording: Recording,
    gain: Callable[[float], float],
    leads: float = 0.0,
    resistance: float | None = None,
    known: Mapping[str, EnergyInput] | None = None,
) -> RecordedPulses:
    """Find what the bits of a recording took.

    Parameters
    ----------
    recording
        Recording with bits and pulses, as of `random-bitstream`.
    gain
        Volts at the device for each volt that the generator is told, by the resistance of the device [Ω].
    leads
        Resistance in series with the device in reads [Ω].
    resistance
        Resistance of the parallel state [Ω] where nothing recorded tells it.
    known
        Inputs that are known better, as given ones: what is found takes their place nowhere.

    Returns
    -------
    RecordedPulses
        The amplitude is that on the top, at the parallel resistance; the resistance and the magnetoresistance come from
        the read currents and are those at zero bias.

    Raises
    ------
    InputError
        If the recording has no bits, or no pulses made them.
    """
    told = {name: entry.value for name, entry in recording.parameters.items()}
    if not recording.committed:
        raise InputError(
            f"{recording.path} is a recording of {recording.procedure} without bits: name one with bits, as of "
            "random-bitstream"
        )
    found: dict[str, EnergyInput] = _readings(recording, told) | _device(recording.bench_attributes)
    found |= dict(known or {})
    found = _junction(recording, float(told.get("bias") or 0.0), leads, found["half_bias"].value) | found
    if "resistance" not in found and resistance is not None:
        found["resistance"] = _recorded("resistance", resistance, "the bench file's section [device]")
    share = gain(found["resistance"].value) if "resistance" in found else 1.0
    settings = _settings(recording, told, share, known or {})
    total = math.fsum(count for _, _, count in settings)
    for number, name in enumerate(("amplitude", "width")):
        if known is None or name not in known:
            mean = math.fsum(setting[number] * (setting[2] / total) for setting in settings)
            words = f"mean of {len(settings)} settings" if len(settings) > 1 else f"parameter {name}"
            gained = f" times a gain of {share:.6g} to the device" if name == "amplitude" and share != 1 else ""
            found[name] = _recorded(name, mean, words + gained)
    return RecordedPulses(found, settings)


def measured_junction(recording: Recording) -> dict[str, EnergyInput]:
    """Take R(V) from a recording of `resistance-against-voltage`.

    Parameters
    ----------
    recording
        Such a recording, with its fit.

    Returns
    -------
    dict
        The inputs `resistance`, `tmr` and `half_bias`.

    Raises
    ------
    InputError
        If it has no such results.
    """
    names = {"resistance": "Rp", "tmr": "TMR", "half_bias": "Vh"}
    results = recording.results
    if not all(name in results for name in names.values()):
        raise InputError(
            f"{recording.path} has no fit of Rp, TMR and Vh: name a finished recording of resistance-against-voltage"
        )
    return {
        name: _recorded(name, results[result].value, f"result {result} of {recording.path.name}")
        for name, result in names.items()
    }


def _readings(recording: Recording, told: Mapping[str, Any]) -> dict[str, EnergyInput]:
    """Give edges, bias, time of a read, and how many pulses a bit takes."""
    found = {}
    instruments = recording.instruments
    generator = instruments["pulse_generator"].settings if "pulse_generator" in instruments else {}
    meter = instruments["source_meter"].settings if "source_meter" in instruments else {}
    if _is_number(generator.get("pulse_transition")):
        found["edge"] = _recorded("edge", float(generator["pulse_transition"]), "setting pulse_transition as read back")
    if _is_number(told.get("bias")):
        found["base"] = _recorded("base", float(told["bias"]), "the bias of the reads stays on")
        found["read_bias"] = _recorded("read_bias", float(told["bias"]), "parameter bias")
    cycles, mains = meter.get("current_nplc", told.get("integration")), meter.get("line_frequency")
    if cycles is not None and mains is not None and _is_number(cycles) and _is_number(mains):
        settle = float(told.get("settle") or 0.0)
        words = f"settling {settle:g} s, {float(cycles):g} cycles of {float(mains):g} Hz"
        found["read_time"] = _recorded("read_time", settle + float(cycles) / float(mains), words)
    resets = 2.0 if told.get("mode") == "reset" else 1.0
    share = float(told.get("share") or 0.0) if told.get("feedback") == "sacrificial" else 0.0
    words = f"mode {told.get('mode', 'toggle')}, a share of {share:g} sacrificed"
    return found | {"pulses_per_bit": _recorded("pulses_per_bit", resets / (1 - share), words)}


def _device(attributes: Mapping[str, Any]) -> dict[str, EnergyInput]:
    """Give what is known of a simulated device; Vh is assumed of a real one."""
    kind = INPUTS["half_bias"]
    found = {"half_bias": EnergyInput(float(kind.default or 0.0), kind.unit, Origin.ASSUMED, kind.source)}
    places = {
        "half_bias": "device_tmr_bias",
        "diameter": "device_diameter",
        "barrier_thickness": "device_barrier_thickness",
        "pad_capacitance": "device_line.pad_capacitance",
    }
    for name, place in places.items():
        if _is_number(attributes.get(place)):
            found[name] = _recorded(name, float(attributes[place]), "the simulated device's")
    return found


def _junction(recording: Recording, bias: float, leads: float, half_bias: float) -> dict[str, EnergyInput]:
    """Give resistance and magnetoresistance at zero bias from the currents that were read."""
    currents = {}
    for state in ("parallel", "antiparallel"):
        column = f"{state.capitalize()} current"
        frame = recording.frame()
        values = np.asarray(frame[column], float) if column in frame else np.empty(0)
        if not np.isfinite(values).any() and f"{state} current" in recording.results:
            values = np.array([recording.results[f"{state} current"].value])
        if np.isfinite(values).any():
            currents[state] = float(np.nanmean(values))
    if not bias or not currents.get("parallel"):
        return {}
    ohms = {state: bias / current - leads for state, current in currents.items() if current}
    words = f"read currents at {bias:g} V"
    if not 0 < ohms["parallel"] < math.inf:
        return {}
    found = {"resistance": _recorded("resistance", ohms["parallel"], words)}
    if "antiparallel" in ohms:
        apparent = max(0.0, ohms["antiparallel"] / ohms["parallel"] - 1)
        found["tmr"] = _recorded("tmr", apparent * (1 + (bias / half_bias) ** 2), f"{words}, with Vh {half_bias:g} V")
    return found


def _settings(
    recording: Recording, told: Mapping[str, Any], gain: float, known: Mapping[str, EnergyInput]
) -> list[tuple[float, float, float]]:
    """Give amplitude, width and number of bits of each setting: as known, of the block, or of the parameters."""
    blocks = recording.blocks()
    counts = np.asarray(blocks["count"], float) if len(blocks) else np.array([float(recording.committed)])
    at = []
    for name, factor in (("amplitude", gain), ("width", 1.0)):
        if name in known:
            at.append(np.full(counts.shape, known[name].value))
            continue
        values = np.asarray(blocks[name], float) if len(blocks) else np.full(1, math.nan)
        parameter = float(told[name]) if _is_number(told.get(name)) else math.nan
        at.append(factor * np.where(np.isfinite(values), values, parameter))
    if not np.isfinite(at).all():
        raise InputError(
            f"{recording.path} does not say by which pulses its bits were made: name a recording of random-bitstream, "
            "or give amplitude and width",
            argument="amplitude",
        )
    pairs, which = np.unique(np.stack(at, axis=1), axis=0, return_inverse=True)
    bits = np.bincount(which.reshape(-1), weights=counts)
    return [(float(a), float(w), float(n)) for (a, w), n in zip(pairs, bits, strict=True) if n]


def _recorded(name: str, value: float, source: str) -> EnergyInput:
    return EnergyInput(value, INPUTS[name].unit, Origin.RECORDED, source)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, (int, float, np.integer, np.floating))
        and not isinstance(value, bool)
        and math.isfinite(value)
    )
