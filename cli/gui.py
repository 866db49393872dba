"""`mtjlab gui`: the experiment runner's window."""

import argparse
import os
import sys

from mtjlab.data.errors import InputError

HELP = "open the experiment runner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--bench", default="simulated", metavar="FILE", help="bench file or shipped bench")
    parser.add_argument(
        "--procedure",
        default="random-bitstream",
        metavar="NAME",
        help="procedure to begin with, or FILE.py:Class of your own (default: random-bitstream)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    from mtjlab.instruments.bench_file import BenchFile
    from mtjlab.procedures.running.registry import find_procedure

    BenchFile.load(arguments.bench)  # a wrong file or name is better said here than in a window
    find_procedure(arguments.procedure)
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & set(os.environ):
        raise InputError("there is no screen to open a window on: set DISPLAY, or use mtjlab run")
    try:
        from mtjlab.gui.application import show_window
    except ImportError as error:
        raise InputError(
            f"the window can not be opened ({error}): Qt wants the system packages named in the README"
        ) from error
    return show_window(arguments.bench, arguments.procedure)
