"""The `mtjlab` command: find the subcommand, run it, say what went wrong in one line."""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import Any

from mtjlab.cli.common_arguments import add_debug_argument
from mtjlab.cli.streams import finish_streams, prepare_streams
from mtjlab.core.errors import MtjlabError
from mtjlab.procedures.running.interruption import SIGNALS, Interruption

__all__ = ["main"]

COMMANDS = (
    "demo",
    "run",
    "procedures",
    "queue",
    "gui",
    "bench",
    "info",
    "fit",
    "plot",
    "export",
    "extract",
    "randomness",
    "sample",
    "train",
    "simulate",
)
"""Each is a module beside this one with `HELP`, `add_arguments(parser)` and `run(arguments) -> exit code`."""

DONE, REFUSED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(words: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    words
        Arguments; by default those of the process.

    Returns
    -------
    int
        0 done, 1 the answer is no, 2 usage or bad input, 130 interrupted.
    """
    prepare_streams()
    try:
        return _main(sys.argv[1:] if words is None else words)
    except KeyboardInterrupt:  # once more, on the way out
        return _interrupted()
    finally:
        finish_streams()


def _main(words: Sequence[str]) -> int:
    # A command that is named first is all that is needed: the others cost a tenth of a second.
    parser, commands = _parser([words[0]] if words and words[0] in COMMANDS else COMMANDS)
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return BAD_INPUT
    _take_signals()
    try:
        code: int = commands[arguments.command].run(arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return DONE  # the reader of a pipe (head, less) has seen enough
    except Exception as error:
        if _is_of_an_interruption(error):
            return _interrupted()
        if "debug" in arguments or not _is_for_the_user(error):
            import traceback

            traceback.print_exc()
        else:
            print(f"mtjlab {arguments.command}: {error}", file=sys.stderr)  # noqa: T201
        return _code_of(error)
    return code


def _interrupted() -> int:
    for number in _signals():
        signal.signal(number, signal.SIG_IGN)  # what comes from here on has been obeyed already
    print("mtjlab: interrupted; outputs are off, what was recorded is kept", file=sys.stderr)  # noqa: T201
    return INTERRUPTED


def _is_of_an_interruption(error: BaseException | None) -> bool:
    """Tell what a library makes of a key pressed while it is loaded: an ImportError, say."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_for_the_user(error: Exception) -> bool:
    """Tell errors that say what the user can do from those that show a fault of ours."""
    return isinstance(error, (MtjlabError, OSError))


def _code_of(error: Exception) -> int:
    from mtjlab.instruments.limit_error import LimitError

    return REFUSED if isinstance(error, LimitError) else BAD_INPUT


class _Version(argparse.Action):
    """Say the version, looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"mtjlab {version('mtjlab')}")  # noqa: T201
        parser.exit()


def _parser(names: Sequence[str]) -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    parser = argparse.ArgumentParser(
        prog="mtjlab", description="True random bits from magnetic tunnel junctions, and images made of them."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version")
    add_debug_argument(parser)
    chosen = parser.add_subparsers(dest="command", metavar="command")
    commands = {}
    for name in names:
        module = commands[name] = importlib.import_module(f"mtjlab.cli.{name}")
        command = chosen.add_parser(name, help=module.HELP, description=module.HELP)
        add_debug_argument(command)
        module.add_arguments(command)
    return parser, commands


def _take_signals() -> None:
    """Let a polite kill and a closed terminal leave outputs off just as Ctrl-C does."""
    Interruption.heeded = False
    for number in _signals():
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _interrupt)


def _signals() -> list[int]:
    return [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]  # Windows has no SIGHUP


def _interrupt(number: int, frame: FrameType | None) -> None:
    # A run that has been told to stop has come to its end by now: nothing is left to interrupt.
    if not Interruption.heeded:
        raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
