"""What `mtjlab simulate` does: it asks the simulated device itself by its face, not a bench."""

import argparse
import secrets
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.cli.output import Output
from mtjlab.core import InputError
from mtjlab.instruments.simulated import (
    CountedProbability,
    Device,
    DwellTime,
    Effects,
    Macrospin,
    NodeFile,
    Pulse,
    State,
    Surroundings,
    SwitchingTable,
    load_device,
    switching_probability,
)

__all__ = ["make_table", "relaxation", "switching", "switching_map"]

_CHUNK = 1 << 14
_MOST_POINTS = 100_000


def switching(arguments: argparse.Namespace) -> int:
    """Count P(switch) at every width."""
    output = Output(arguments.json)
    device, effects, seed = _set_up(arguments)
    pulses = [_pulse(arguments.amplitude, width, arguments.edge) for width in arguments.widths]
    macrospin, ordered = Macrospin(device, effects=effects), sorted(pulses, key=lambda pulse: pulse.width)
    _refuse_impossible(macrospin, ordered[0], ordered[-1])
    found: list[CountedProbability] = []
    with output.progress() as stage:
        show = stage("switching")
        for pulse in pulses:
            before = len(found) * arguments.shots
            found.append(
                switching_probability(
                    device,
                    pulse,
                    arguments.shots,
                    state=State[arguments.state],
                    effects=effects,
                    threads=arguments.threads,
                    seed=seed,
                    progress=lambda done, _: show(before + done, len(pulses) * arguments.shots),  # noqa: B023
                )
            )
    output.say(_circumstances(device, effects, seed))
    output.grid(
        f"P(switch) from {arguments.state} at {arguments.amplitude:g} V, {arguments.shots:,} shots a width",
        ["width [s]", "P", "95 % interval"],
        [
            [f"{width:.6g}", f"{each.probability:.5f}", f"{each.low:.5f} to {each.high:.5f}"]
            for width, each in zip(arguments.widths, found, strict=True)
        ],
    )
    points = [{"width": width} | _counted(each) for width, each in zip(arguments.widths, found, strict=True)]
    output.json(
        _settings(arguments, device, effects, seed)
        | {"amplitude": arguments.amplitude, "state": arguments.state, "edge": arguments.edge, "points": points}
    )
    return 0


def switching_map(arguments: argparse.Namespace) -> int:
    """Count P(switch) over amplitudes and widths."""
    from mtjlab.analysis.plots import picture_format
    from mtjlab.cli.map_picture import save_map
    from mtjlab.cli.picture_output import wanted_format

    output = Output(arguments.json)
    wanted = wanted_format(arguments.output)
    device, effects, seed = _set_up(arguments)
    widths, amplitudes = sorted(set(arguments.widths)), sorted(set(arguments.amplitudes))
    if len(widths) * len(amplitudes) > _MOST_POINTS:
        raise InputError(
            f"{len(amplitudes)} amplitudes by {len(widths)} widths are too many points: give at most {_MOST_POINTS:,}"
        )
    macrospin = Macrospin(device, effects=effects, threads=arguments.threads)
    corners = [
        _pulse(volts, width, arguments.edge)
        for volts in amplitudes[:: len(amplitudes) - 1 or 1]
        for width in widths[:: len(widths) - 1 or 1]
    ]
    _refuse_impossible(macrospin, *corners)
    switched = np.zeros((len(amplitudes), len(widths)), int)
    with output.progress() as stage:
        show = stage("map")
        for row, amplitude in enumerate(amplitudes):
            pulse = _pulse(amplitude, widths[0], arguments.edge)
            for first in range(0, arguments.shots, _CHUNK):
                count = min(_CHUNK, arguments.shots - first)
                before = np.full(count, State[arguments.state], np.uint8)
                after = macrospin.switch_by_width(pulse, widths, before, seed=np.random.SeedSequence([seed, first]))
                switched[row] += (after != before).sum(axis=1)
                show(row * arguments.shots + first + count, len(amplitudes) * arguments.shots)
    found = [[CountedProbability.of(int(each), arguments.shots) for each in row] for row in switched]
    probability = np.array([[each.probability for each in row] for row in found])
    words = (
        f"{device.name}, from {arguments.state}; edges {arguments.edge * 1e9:.3g} ns; "
        f"{arguments.shots:,} shots a point; effects on: {_named(effects)}"
    )
    with picture_format(wanted):
        save_map(arguments.output, np.array(amplitudes), np.array(widths), probability, words)
    output.say(_circumstances(device, effects, seed))
    output.say(f"Map of {len(amplitudes)} amplitudes by {len(widths)} widths: {arguments.output}")
    points = [
        {"amplitude": amplitude, "width": width} | _counted(each)
        for amplitude, row in zip(amplitudes, found, strict=True)
        for width, each in zip(widths, row, strict=True)
    ]
    output.json(
        _settings(arguments, device, effects, seed)
        | {"state": arguments.state, "edge": arguments.edge, "picture": str(arguments.output), "points": points}
    )
    return 0


def relaxation(arguments: argparse.Namespace) -> int:
    """Count dwell times without and with a field in the plane."""
    output = Output(arguments.json)
    device, effects, seed = _set_up(arguments)
    if "thermal" not in effects:
        raise InputError("--effects without 'thermal': nothing leaves its state then; add it")
    energy = device.anisotropy_energy * arguments.stability / device.thermal_stability
    device = device.model_copy(update={"anisotropy_energy": energy})
    fields = [0.0, 2e-3] if arguments.fields is None else arguments.fields
    found = []
    with output.progress() as stage:
        for field in fields:
            macrospin = Macrospin(
                device.model_copy(update={"in_plane_field": field}), effects=effects, threads=arguments.threads
            )
            found.append(
                DwellTime.count(
                    macrospin,
                    arguments.shots,
                    voltage=arguments.amplitude,
                    longest=arguments.longest,
                    seed=seed,
                    progress=stage(f"{field:g} T"),
                )
            )
    output.say(_circumstances(device, effects, seed))
    output.grid(
        f"Dwell times at thermal stability factor {arguments.stability:g} and {arguments.amplitude:g} V",
        ["field in the plane [T]", "in P [s]", "in AP [s]", "relaxation rate [1/s]", "standard error [1/s]"],
        [
            [f"{field:g}"]
            + [f"{value:.4g}" for value in (each.parallel, each.antiparallel, each.rate, each.rate_error)]
            for field, each in zip(fields, found, strict=True)
        ],
    )
    points = [
        {"field": field, "dwell_p": each.parallel, "dwell_ap": each.antiparallel}
        | {"rate": each.rate, "rate_error": each.rate_error, "duration": each.duration}
        for field, each in zip(fields, found, strict=True)
    ]
    output.json(
        _settings(arguments, device, effects, seed)
        | {"stability": arguments.stability, "amplitude": arguments.amplitude, "points": points}
    )
    return 0


def make_table(arguments: argparse.Namespace) -> int:
    """Count P(switch) over a region of pulses and keep it.

    Parameters
    ----------
    arguments
        As `mtjlab simulate table` has them.

    Returns
    -------
    int
        0.

    Raises
    ------
    ValueError
        If the device or the effects are unknown, or the region has no pulse.
    """
    output = Output(arguments.json)
    device, effects = load_device(arguments.device), Effects.parse(arguments.effects)
    table = SwitchingTable(device, effects, shots=arguments.shots, threads=arguments.threads)
    file = NodeFile(Path(arguments.output), table.fingerprint) if arguments.output else table.file
    around = Surroundings(arguments.in_plane_field, arguments.perpendicular_field, arguments.temperature)
    with output.progress() as stage:
        made = table.prepare(
            tuple(arguments.amplitudes),
            tuple(arguments.widths),
            (arguments.edge, arguments.edge),
            around.applied(device),
            stage("switching table"),
            file,
        )
        misfits = []
        if arguments.smooth:
            edges = (arguments.edge, arguments.edge)
            misfits = table.smooth(edges, around.applied(device), stage("smoothing"), file)
    output.say(f"{made} points counted with {arguments.shots} pulses from each state; {len(table)} in all: {file.path}")
    if misfits:
        told = ", ".join(f"{misfit:.2f}" for misfit in misfits)
        output.say(
            f"smoothed; chi-square over degrees of freedom of each grid (1: what was taken away is chance): {told}"
        )
    output.json(
        {"device": device.name, "effects": list(table.effects), "fingerprint": table.fingerprint}
        | {"counted": made, "points": len(table), "path": str(file.path), "misfits": misfits}
    )
    return 0


def _set_up(arguments: argparse.Namespace) -> tuple[Device, Effects, int]:
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    effects = Effects.parse(arguments.effects)
    if effects and not effects.dynamic:
        raise InputError(
            f"--effects {arguments.effects}: none of these acts on the magnetisation; name some of "
            + ", ".join(Effects(Effects.DYNAMIC))
        )
    return load_device(arguments.device), effects.dynamic, seed


def _pulse(amplitude: float, width: float, edge: float) -> Pulse:
    try:
        return Pulse(amplitude, width, edge, edge)
    except ValueError as error:
        raise InputError(f"--widths: {error}") from error


def _refuse_impossible(macrospin: Macrospin, *extremes: Pulse) -> None:
    """Try the hardest pulses once: what will be refused is refused before the work, not after most of it."""
    for pulse in extremes:
        macrospin.switch(pulse, [State.P], seed=0)


def _named(effects: Effects) -> str:
    return ", ".join(effects) or "none"


def _circumstances(device: Device, effects: Effects, seed: int) -> str:
    return f"device {device.name}, effects on: {_named(effects)}; seed {seed}"


def _settings(arguments: argparse.Namespace, device: Device, effects: Effects, seed: int) -> dict[str, Any]:
    return {
        "device": device.name,
        "parameters": device.flat(),
        "effects": list(effects),
        "seed": seed,
        "shots": arguments.shots,
    }


def _counted(estimate: CountedProbability) -> dict[str, float]:
    return {"probability": estimate.probability, "low": estimate.low, "high": estimate.high}
