"""The `mtjlab` command: find the subcommand, run it, say what went wrong in one line."""

import argparse
import importlib.util
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from mtjlab.cli.common_arguments import add_debug_argument
from mtjlab.cli.streams import finish_streams, prepare_streams
from mtjlab.core import Entry, InputError, MtjlabError, Registry
from mtjlab.procedures.running import SIGNALS, Interruption

__all__ = ["main"]

COMMANDS: Registry[ModuleType] = Registry("mtjlab.commands", "command", ModuleType)
"""Each is a module with `HELP`, `add_arguments(parser)` and `run(arguments) -> exit code`."""

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
    named = _named(words)
    try:
        if not COMMANDS.names():
            raise InputError("no command is installed: install mtjlab again, with pip install")
        command = COMMANDS.load(named) if named in COMMANDS.names() else None
    except InputError as error:
        print(f"mtjlab: {error}", file=sys.stderr)  # noqa: T201
        return BAD_INPUT
    parser = _parser(named, command) if named and command else _parser_of_all()
    arguments = parser.parse_args(words)
    if command is None:
        parser.print_help()
        return BAD_INPUT
    _take_signals()
    try:
        code: int = command.run(arguments)
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
            print(f"mtjlab {arguments.command}: {error}{_option_of(error, arguments)}", file=sys.stderr)  # noqa: T201
        return _code_of(error)
    return code


def _named(words: Sequence[str]) -> str | None:
    """Return the command that is named; None where the help of all is asked for, or no command."""
    for word in words:
        if not word.startswith("-"):
            return word
        if word.startswith(("-h", "--h")):
            return None
    return None


def _interrupted() -> int:
    for number in _signals():
        signal.signal(number, signal.SIG_IGN)  # what comes from here on has been obeyed already
    print("mtjlab: interrupted; outputs are off, what was recorded is kept", file=sys.stderr)  # noqa: T201
    return INTERRUPTED


def _is_of_an_interruption(error: BaseException | None) -> bool:
    """Tell what a library makes of a key pressed while it is loaded: an ImportError, say."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # `raise error from error` makes one its own cause
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _option_of(error: Exception, arguments: argparse.Namespace) -> str:
    """Name the option of this command that the remedy is about: libraries do not know it."""
    argument = getattr(error, "argument", "")
    return f" (--{argument.replace('_', '-')})" if argument and argument in arguments else ""


def _is_for_the_user(error: Exception) -> bool:
    """Tell errors that say what the user can do from those that show a fault of ours."""
    return isinstance(error, (MtjlabError, OSError))


def _code_of(error: Exception) -> int:
    from mtjlab.instruments import LimitError

    return REFUSED if isinstance(error, LimitError) else BAD_INPUT


class _Version(argparse.Action):
    """Say the version, looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"mtjlab {version('mtjlab')}")  # noqa: T201
        parser.exit()


def _parser(name: str, command: ModuleType) -> argparse.ArgumentParser:
    """Make the parser of a command that is named: the others need not be known."""
    parser, commands = _parser_of_none()
    told = str(command.HELP).replace("%", "%%")
    own = commands.add_parser(name, help=told, description=told)
    add_debug_argument(own)
    command.add_arguments(own)
    return parser


def _parser_of_all() -> argparse.ArgumentParser:
    """Make the parser that lists all commands and runs none; their modules are not imported."""
    parser, commands = _parser_of_none()
    for name, entry in COMMANDS.entries().items():
        commands.add_parser(name, help=_help_of(entry).replace("%", "%%"))
    return parser


def _parser_of_none() -> "tuple[argparse.ArgumentParser, argparse._SubParsersAction[argparse.ArgumentParser]]":
    parser = argparse.ArgumentParser(
        prog="mtjlab", description="True random bits from magnetic tunnel junctions, and images made of them."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version")
    add_debug_argument(parser)
    return parser, parser.add_subparsers(dest="command", metavar="command")


def _help_of(entry: Entry) -> str:
    """Read the line `HELP = "..."` of a command's module; import the module only where it says it in another way."""
    try:
        found = importlib.util.find_spec(entry.module)
        if found is not None and found.origin is not None:
            text = Path(found.origin).read_text(encoding="utf-8")
            stated = re.search(r'^HELP = "([^"\\]+)"$', text, re.MULTILINE)
            if stated:
                return stated[1]
        return str(entry.load().HELP)
    except Exception as error:  # a package that is broken must not hide the other commands
        return f"(cannot be loaded: {type(error).__name__}: {error})"


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
