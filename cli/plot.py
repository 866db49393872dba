"""`mtjlab plot`: a recording as a picture."""

import argparse
import dataclasses
from pathlib import Path

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.picture_output import add_picture_arguments, wanted_format
from mtjlab.cli.screen import needs_qt, needs_screen
from mtjlab.core import InputError

HELP = "draw what a recording holds, with its fit: any procedure's, also a part"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5), also a part")
    parser.add_argument("--output", metavar="PICTURE", help="picture to write: .png, .pdf or .svg")
    parser.add_argument("--show", action="store_true", help="open the picture in a window, until that is closed")
    add_picture_arguments(parser)
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw the picture."""
    from mtjlab.analysis.plots import picture_format
    from mtjlab.cli.output import Output
    from mtjlab.cli.result_json import result_json
    from mtjlab.data import Recording
    from mtjlab.procedures.running import recorded_picture

    if not arguments.output and not arguments.show:
        raise InputError("--output PICTURE or --show is needed: a file to write, or a window")
    if arguments.show:
        needs_screen("--output PICTURE")
    output = Output(arguments.json)
    wanted = wanted_format(arguments.output or "shown.png", arguments.width, arguments.dpi)
    with Recording(arguments.file) as recording:
        procedure, results = recording.procedure, recording.results
        with picture_format(wanted):
            picture = recorded_picture(recording)
        shown = picture
        if arguments.show and wanted.name != "png":  # the window takes no other format
            with picture_format(dataclasses.replace(wanted, name="png")):
                shown = recorded_picture(recording)
    if arguments.output:
        Path(arguments.output).write_bytes(picture)
        output.say(f"{procedure}: {arguments.output}")
    output.json({"picture": arguments.output, "procedure": procedure, "results": result_json(results)})
    if arguments.show:
        with needs_qt():
            from mtjlab.gui import show_picture
        show_picture(shown, f"{arguments.file.name}: {procedure}")
    return 0
