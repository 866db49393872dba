"""`mtjlab run`: run a plan, or one procedure, without a window."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.cli.output import Output
    from mtjlab.procedures.running import RunCost, RunExecutor, RunOutcome, RunRequest

MESSAGES, WARNINGS = 1000, 20
"""Last messages of a recording that are searched for warnings, and warnings that are told, at most."""
HELP = "run a plan or a procedure headless, into recordings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_request_arguments(parser)
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would run, how long it takes and how large it gets, and check all limits; run nothing",
    )
    parser.add_argument("--verbose", action="store_true", help="print what is logged")
    add_json_argument(parser)


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say what is to be run."""
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="PLAN.toml | PROCEDURE",
        help="plan file; or a procedure: random-bitstream, another installed one, or FILE.py:CLASS",
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter, in SI units or with its unit, for example bits=5M or width='10 ns'; may be repeated",
    )
    parser.add_argument("--output", metavar="FILE.h5", type=Path, help="recording to write; of a plan, the folder")
    parser.add_argument("--mirror", metavar="FOLDER", type=Path, help="keep a copy of what is recorded here meanwhile")
    parser.add_argument("--bench", metavar="FILE", help="bench file or shipped bench (default: simulated)")
    parser.add_argument(
        "--sample",
        metavar="NAME=TEXT",
        action="append",
        default=[],
        help="what is on the bench: wafer, die, device, operator or note; may be repeated",
    )
    parser.add_argument(
        "--stop",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="condition that ends the run early: bits=N, time=SECONDS or alarms=N; may be repeated",
    )
    parser.add_argument("--seed", type=integer(0, 2**32 - 1), help="seed of the simulated device")
    parser.add_argument(
        "--resume",
        metavar="FILE.h5",
        nargs="?",
        const="",
        help="continue: with a recording, or with a plan at the point where it was",
    )
    parser.add_argument(
        "--notify", metavar="CMD", default="", help="program to call at the end, with MTJLAB_FILE and more set for it"
    )


def request_of(arguments: argparse.Namespace) -> "RunRequest":
    """Make the request that the arguments describe."""
    from mtjlab.procedures.running import RunRequest, StopConditions

    what, output, resume = arguments.what, arguments.output, arguments.resume
    if resume and resume.endswith(".toml") and not what:
        what = resume
    elif resume:
        if output is not None:
            raise InputError("--resume FILE.h5 continues in that file: leave --output out")
        output = Path(resume)
    if not what and resume is None:
        raise InputError("what is to be run? Give a plan (PLAN.toml) or a procedure, such as random-bitstream")
    if output is None and not what.endswith(".toml"):
        raise InputError("--output FILE.h5 is missing: say where the recording goes")
    return RunRequest.of(
        what,
        settings=split_assignments("--set", arguments.set),
        output=output,
        bench=arguments.bench,
        seed=arguments.seed,
        resume=resume is not None,
        notify=arguments.notify,
        mirror=arguments.mirror,
        sample=split_assignments("--sample", arguments.sample),
        stop=StopConditions.parse(split_assignments("--stop", arguments.stop)),
    )


def run(arguments: argparse.Namespace) -> int:
    """Run it and say where the recordings are."""
    from mtjlab.cli.output import Output
    from mtjlab.procedures.running import RunHooks

    output = Output(arguments.json)
    if arguments.verbose:
        _print_log()
    request = request_of(arguments)
    if arguments.dry_run:
        return _dry_run(request.executor(), output)
    with output.progress() as stage:
        executor = request.executor(RunHooks(stage=stage))
        try:
            executor.run()
        finally:
            if request.is_plan:
                _summarise(executor, output)
    if request.is_plan:
        return int(any(outcome.status == "failed" for outcome in executor.outcomes))
    _tell_one(executor.outcomes[-1], output)
    return 0


def split_assignments(option: str, assignments: "list[str]") -> dict[str, str]:
    """Split each NAME=VALUE of an option."""
    words = {}
    for assignment in assignments:
        name, separator, word = assignment.partition("=")
        if not separator or not name:
            raise InputError(f"{option} {assignment}: give NAME=VALUE")
        words[name.strip()] = word.strip()
    return words


def _print_log() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _told(outcome: "RunOutcome") -> dict[str, Any]:
    return {"recording": str(outcome.run.path), "bits": outcome.tally.bits, "status": outcome.status}


def _tell_one(outcome: "RunOutcome", output: "Output") -> None:
    """Tell where the recording is and what was found."""
    from mtjlab.cli.result_json import result_json
    from mtjlab.data import Recording

    recording = Recording(outcome.run.path)
    told, results = _told(outcome), recording.results
    # During a run they go into the recording alone: a terminal shows its bar, a pipe nothing.
    logged = [words for _, level, _, words in recording.messages(MESSAGES) if level == "warning"]
    warnings = list(dict.fromkeys(logged))[:WARNINGS]
    shown = {name: f"{value:,}" if name == "bits" else str(value) for name, value in told.items()}
    if not told["bits"]:
        del shown["bits"]
    output.table(outcome.run.name, shown)
    if results:
        output.table("Results", {name: str(result) for name, result in results.items()})
    for words in warnings:
        output.say(f"warning: {words}")
    output.json(told | {"results": result_json(results), "warnings": warnings})


def _summarise(executor: "RunExecutor", output: "Output") -> None:
    outcomes = executor.outcomes
    words = {"found": "finished before"}
    output.grid(
        f"{executor.name}: {len(outcomes)} of {len(executor.runs)} runs",
        ["run", "recording", "bits", "status"],
        [
            [
                str(outcome.run.number),
                str(outcome.run.path),
                f"{outcome.tally.bits:,}",
                words.get(outcome.status, outcome.status) + (f": {outcome.error}" if outcome.error else ""),
            ]
            for outcome in outcomes
        ],
    )
    output.json(
        {
            "plan": executor.name,
            "planned": len(executor.runs),
            "bits": sum(outcome.tally.bits for outcome in outcomes),
            "runs": [_told(outcome) | {"error": str(outcome.error or "")} for outcome in outcomes],
        }
    )


def _dry_run(executor: "RunExecutor", output: "Output") -> int:
    """Print what would run; nothing is run."""
    from mtjlab.core import show_bytes, show_duration, show_end
    from mtjlab.procedures.running import free_space

    costs = executor.costs
    rows, told = [], []
    for cost in costs:
        run = cost.run
        verdict = str(cost.error) if cost.error else "allowed" if cost.checked else "not known"
        if cost.is_done:
            verdict = "finished before"
        settings = ", ".join(
            f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in run.parameters.items()
        )
        rows.append(
            [
                str(run.number),
                run.name,
                settings,
                str(run.path),
                show_duration(cost.duration),
                show_bytes(cost.size),
                verdict,
            ]
        )
        told.append(
            {
                "recording": str(run.path),
                "procedure": run.name,
                "parameters": run.parameters,
                "duration": cost.duration,
                "bytes": cost.size,
                "done": cost.is_done,
                "allowed": cost.error is None,
                "refusal": str(cost.error or ""),
            }
        )
    output.grid(
        "Dry run: nothing is run, no output is touched",
        ["run", "procedure", "parameters", "recording", "time", "size", "limits"],
        rows,
    )
    duration, size = _sum([each.duration for each in costs]), _sum([each.size for each in costs])
    longest = executor.options.stop_when.time
    duration = min(duration, longest) if duration is not None and longest is not None else duration
    free = free_space(costs[0].run.path)
    output.table(
        "In all",
        {
            "runs": _count(costs),
            "time": show_end(duration),
            "size": show_bytes(size),
            "free on the disk": show_bytes(free),
        },
    )
    if size is not None and size > free:
        output.say("The disk is too small: the runs that are on it when it is full are kept and can be resumed.")
    output.json({"runs": told, "duration": duration, "bytes": size, "free": free})
    return int(any(cost.error for cost in costs))


def _count(costs: "list[RunCost]") -> str:
    done = sum(cost.is_done for cost in costs)
    return f"{len(costs) - done} of {len(costs)}: {done} finished before" if done else str(len(costs))


def _sum(values: list[Any]) -> Any:
    return None if None in values else sum(values)
