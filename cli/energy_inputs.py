"""The options of `mtjlab energy`, and what the command calculates from."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mtjlab.analysis.energy import INPUTS
from mtjlab.cli.numbers import real

if TYPE_CHECKING:
    from mtjlab.analysis.energy import EnergyInput
    from mtjlab.data import Recording

__all__ = ["FoundInputs", "add_input_arguments", "find_inputs"]

_PLACEHOLDERS = {"1": "N", "Ω": "OHM", "m": "METRES", "m²": "M2"}


class FoundInputs(NamedTuple):
    """Inputs that were recorded or given."""

    inputs: "dict[str, EnergyInput]"
    """By name."""
    settings: list[tuple[float, float, float]] | None
    """Settings of the pulses, where a recording tells them."""


def add_input_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for each input: it takes the place of what is recorded or assumed."""
    group = parser.add_argument_group("inputs, in SI units; each takes the place of what is recorded or assumed")
    for name, kind in INPUTS.items():
        default = "from the recording" if kind.default is None else f"{kind.default:.3g}, {kind.source}"
        group.add_argument(
            f"--{name.replace('_', '-')}",
            metavar=_PLACEHOLDERS.get(kind.unit, kind.unit.upper()),
            type=real(kind.low, kind.high),
            help=f"{kind.words} (default: {default})".replace("%", "%%"),
        )
    group.add_argument(
        "--junction", metavar="FILE.h5", type=Path, help="recording of resistance-against-voltage: R(V) of its fit"
    )


def find_inputs(arguments: argparse.Namespace, *, recorded: bool) -> FoundInputs:
    """Give what was given, over what the recording says.

    Parameters
    ----------
    arguments
        Parsed arguments.
    recorded
        Whether the file is a recording.

    Raises
    ------
    InputError
        If the recording has no bits, or no pulses made them.
    """
    from mtjlab.analysis.energy import given, measured_junction, recorded_pulses
    from mtjlab.data import Recording

    known = measured_junction(Recording(arguments.junction)) if arguments.junction else {}
    for name in INPUTS:
        if getattr(arguments, name) is not None:
            known[name] = given(name, getattr(arguments, name))
    if not recorded:
        return FoundInputs(known, None)
    with Recording(arguments.file) as recording:
        gain, leads, resistance = _line(recording)
        found = recorded_pulses(recording, gain, leads, resistance, known)
    return FoundInputs(found.inputs, found.settings)


def _line(recording: "Recording") -> tuple[Callable[[float], float], float, float | None]:
    """Give the gain to the device, the leads, and the stated resistance, by the bench file that is recorded."""
    from mtjlab.core import TomlDocument
    from mtjlab.instruments import BenchFile, SignalPath

    try:
        file = BenchFile.recorded(TomlDocument(f"{recording.path}: bench", recording.bench))
    except ValueError:  # a bench of another program: amplitudes are taken as they are
        return (lambda resistance: 1.0), 0.0, None
    path = SignalPath(file.wiring, file.device, file.limits.duty_cycle)
    return path.gain, file.wiring.lead_resistance, file.device.resistance
