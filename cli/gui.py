"""`mtjlab gui`: the experiment runner's window."""

import argparse

from mtjlab.cli.screen import needs_qt, needs_screen

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
    from mtjlab.instruments import BenchFile
    from mtjlab.procedures import find_procedure

    BenchFile.load(arguments.bench)  # a wrong file or name is better said here than in a window
    find_procedure(arguments.procedure)
    needs_screen("mtjlab run")
    with needs_qt():
        from mtjlab.gui import show_window
    return show_window(arguments.bench, arguments.procedure)
