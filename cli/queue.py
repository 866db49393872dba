"""`mtjlab queue`: runs that wait on disk for a runner."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.cli.common_arguments import add_debug_argument, add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.cli.run import add_request_arguments, request_of
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.procedures.running import QueueEntry, RunQueue

HELP = "let runs wait on disk, and run them one after the other"
ACTIONS = {
    "add": "append a plan or a procedure, as for mtjlab run; limits are checked now",
    "list": "show what waits, runs and has ended",
    "move": "put a waiting entry at another place",
    "remove": "remove an entry; its recordings stay",
    "pause": "begin nothing new (or not these entries) until resume",
    "resume": "continue after pause; an entry that has failed waits again",
    "run": "run what waits; an entry whose runner died continues",
}
NUMBER = integer(1, 2**31)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    for name, words in ACTIONS.items():
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument("--queue", metavar="FILE", type=Path, help="file of the queue (default: the user's own)")
        add_json_argument(action)
        add_debug_argument(action)
        if name == "add":
            add_request_arguments(action)
        elif name == "move":
            action.add_argument("entry", type=NUMBER, help="number of the entry")
            action.add_argument("place", type=NUMBER, help="its new place among those that wait, from 1")
        elif name == "remove":
            action.add_argument("entries", metavar="entry", type=NUMBER, nargs="+", help="number of the entry")
        elif name in ("pause", "resume"):
            action.add_argument(
                "entries", metavar="entry", type=NUMBER, nargs="*", help="numbers of entries (default: the whole queue)"
            )
        if name == "pause":
            action.add_argument(
                "--now", action="store_true", help="stop what runs after the block under way; it continues later"
            )
        if name == "run":
            action.add_argument("--watch", action="store_true", help="wait for more when nothing is left to run")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    from mtjlab.procedures.running import RunQueue

    queue = RunQueue(arguments.queue)
    action = {"add": _add, "run": _run}.get(arguments.action)
    if action is not None:
        return action(arguments, queue)
    if arguments.action == "move":
        queue.move(arguments.entry, arguments.place)
    elif arguments.action == "remove":
        queue.remove(arguments.entries)
    elif arguments.action != "list":
        _pause(arguments, queue)
    return _list(arguments, queue)


def _add(arguments: argparse.Namespace, queue: "RunQueue") -> int:
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    request = request_of(arguments)
    executor = request.executor()
    executor.refuse()
    number = queue.add(request, executor.bench_file)
    output.say(
        f"entry {number}: {len(executor.runs)} {'run' if len(executor.runs) == 1 else 'runs'} on bench "
        f"{executor.bench_file.name}; mtjlab queue run runs what waits"
    )
    output.json({"entry": number})
    return 0


def _pause(arguments: argparse.Namespace, queue: "RunQueue") -> None:
    pausing = arguments.action == "pause"
    if not arguments.entries:
        queue.paused = pausing
    elif pausing:
        queue.hold(arguments.entries)
    else:
        queue.resume(arguments.entries)
    if pausing and arguments.now:
        queue.stop(arguments.entries or None)


def _list(arguments: argparse.Namespace, queue: "RunQueue") -> int:
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    told = [_told(entry, queue) for entry in queue.entries()]
    output.grid(
        f"{queue.path}{' (paused)' if queue.paused else ''}",
        ["entry", "state", "done", "bench", "what", "output", "message"],
        [
            [
                str(each["entry"]),
                each["state"],
                f"{100 * each['share']:.0f} %",
                each["bench"],
                each["what"],
                each["output"],
                each["message"],
            ]
            for each in told
        ],
    )
    output.json({"paused": queue.paused, "entries": told})
    return 0


def _told(entry: "QueueEntry", queue: "RunQueue") -> dict[str, Any]:
    from mtjlab.procedures.running import QueueState

    state = str(entry.state)
    if entry.state is QueueState.RUNNING and not queue.is_under_way(entry):
        state = "interrupted"
    elif entry.state is QueueState.WAITING and entry.held:
        state = "paused"
    request = entry.request
    what = "?"
    if request is not None:
        what = (request.what or "recording") + "".join(f" {name}={word}" for name, word in request.settings.items())
    return {
        "entry": entry.number,
        "state": state,
        "share": entry.share,
        "bench": entry.bench,
        "what": what,
        "output": str(request.output or "") if request is not None else "",
        "message": entry.message,
    }


def _run(arguments: argparse.Namespace, queue: "RunQueue") -> int:
    from mtjlab.cli.output import Output
    from mtjlab.procedures.running import QueueRunner, QueueState

    output = Output(arguments.json)
    if queue.paused and not arguments.watch:
        raise InputError("the queue is paused: mtjlab queue resume lets it continue")
    with output.progress() as stage:
        runner = QueueRunner(queue, stage)
        runner.run(watch=arguments.watch)
    for why in runner.held.values():
        output.say(f"what waits for it is not run: {why}")
    _list(arguments, queue)
    return int(any(state is QueueState.FAILED for _, state in runner.ended))
