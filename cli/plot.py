"""`mtjlab plot`: a recording as a picture."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.cli.common_arguments import add_json_argument

if TYPE_CHECKING:
    from mtjlab.data.recording import Recording

HELP = "draw the map of P(switch) that a recording holds, with the curve of one half"

COUNTS = [f"{what} from {state}" for what in ("Pulses", "Switched") for state in ("parallel", "antiparallel")]
"""Columns of a map beside its settings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="recording (HDF5) of switching-probability, also a part"
    )
    parser.add_argument("--output", metavar="PNG", required=True, help="picture to write")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw the picture."""
    from mtjlab.cli.map_picture import refuse_unwritable
    from mtjlab.cli.output import Output
    from mtjlab.data.recording import Recording

    output = Output(arguments.json)
    refuse_unwritable(arguments.output)
    with Recording(arguments.file) as recording:
        settings, picture = _map(recording)
    Path(arguments.output).write_bytes(picture)
    output.say(f"Map of {settings} settings: {arguments.output}")
    output.json({"picture": str(arguments.output), "settings": settings})
    return 0


def _map(recording: "Recording") -> tuple[int, bytes]:
    from mtjlab.analysis.reports.map_plot import map_plot

    frame = recording.frame()
    if not {"Amplitude", "Width", *COUNTS} <= set(frame.columns):
        raise ValueError(
            f"{recording.path} holds no map: give a recording of switching-probability (mtjlab info says what it is)"
        )
    shots = frame[COUNTS[0]] + frame[COUNTS[1]]
    switched = frame[COUNTS[2]] + frame[COUNTS[3]]
    title = f"{recording.path.name}: {int(shots.sum()):,} pulses"
    return len(frame), map_plot(frame["Amplitude"], frame["Width"], switched, shots, title)
