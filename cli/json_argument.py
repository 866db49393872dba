"""The argument that every command has."""

import argparse

__all__ = ["add_json_argument"]


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--json PATH``."""
    parser.add_argument("--json", metavar="PATH", help="write the result as JSON; - for standard output")
