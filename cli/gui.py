"""`mtjlab gui`: the experiment runner's window."""

import argparse

HELP = "open the experiment runner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--bench", default="simulated", metavar="FILE", help="bench file or shipped bench")


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    from mtjlab.gui.application import show_window

    return show_window(arguments.bench)
