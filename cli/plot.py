"""`mtjlab plot`: a recording as a picture."""

import argparse
from pathlib import Path

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.picture_output import add_picture_arguments, wanted_format

HELP = "draw what a recording holds, with its fit: any procedure's, also a part"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5), also a part")
    parser.add_argument("--output", metavar="PICTURE", required=True, help="picture to write: .png, .pdf or .svg")
    add_picture_arguments(parser)
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw the picture."""
    from mtjlab.analysis.plots.drawing import picture_format
    from mtjlab.cli.output import Output
    from mtjlab.cli.result_json import result_json
    from mtjlab.data.recording import Recording
    from mtjlab.procedures.running.recorded_picture import recorded_picture

    output = Output(arguments.json)
    wanted = wanted_format(arguments.output, arguments.width, arguments.dpi)
    with Recording(arguments.file) as recording, picture_format(wanted):
        picture, procedure, results = recorded_picture(recording), recording.procedure, recording.results
    Path(arguments.output).write_bytes(picture)
    output.say(f"{procedure}: {arguments.output}")
    output.json({"picture": str(arguments.output), "procedure": procedure, "results": result_json(results)})
    return 0
