"""The arguments that every command has."""

import argparse

__all__ = ["add_debug_argument", "add_json_argument"]


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--json PATH``."""
    parser.add_argument("--json", metavar="PATH", help="write the result as JSON; - for standard output")


def add_debug_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--debug``, which may stand before or after the command."""
    parser.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error"
    )
