"""`mtjlab bench`: begin a bench file; list, check, show or serve instruments."""

import argparse

from mtjlab.cli.common_arguments import add_debug_argument, add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

HELP = "begin a bench file; list, check, show or serve the instruments of a bench"
ACTIONS = {
    "init": "write a commented bench file and, beside it, its JSON schema for editors",
    "schema": "print the JSON schema of a bench file",
    "list": "print the VISA resources found and what they answer to *IDN?",
    "check": "open every instrument; print identities, error queues, and settings beyond the limits; switch nothing on",
    "forget": "forget that a process that died left instruments of the bench on: they were switched off by hand",
    "show": "print the bench file as it is understood, defaults and overrides included; nothing is opened",
    "serve": "let any VISA client talk to the simulated instruments, until Ctrl-C or SIGTERM",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    for name, words in ACTIONS.items():
        action = actions.add_parser(name, help=words, description=words)
        if name == "init":
            action.add_argument("path", nargs="?", default="bench.toml", help="file to write (default: bench.toml)")
            action.add_argument("--simulated", action="store_true", help="describe a bench without instruments")
        elif name == "list":
            action.add_argument("--bench", metavar="FILE", help="ask the resources of this bench file as well")
            action.add_argument("--visa-library", default="", metavar="NAME", help="VISA library, such as @py")
            action.add_argument("--serial", action="store_true", help="ask what is behind serial ports too")
        elif name != "schema":
            action.add_argument(
                "--bench", default="simulated", metavar="FILE", help="bench file or shipped bench (simulated)"
            )
        if name == "serve":
            action.add_argument("--seed", type=integer(0, 2**32 - 1), help="seed of the simulated device")
            action.add_argument("--host", metavar="ADDRESS", help="address to listen on (default: the bench file's)")
            action.add_argument("--real-time", action="store_true", help="let integration and settle times pass")
            action.add_argument("--faults", metavar="FILE", help="TOML file of [[faults]]: what goes wrong, and when")
        add_json_argument(action)
        add_debug_argument(action)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    return {
        "init": _init,
        "schema": _schema,
        "list": _list,
        "check": _check,
        "forget": _forget,
        "show": _show,
        "serve": _serve,
    }[arguments.action](arguments)


def _init(arguments: argparse.Namespace) -> int:
    import json
    from pathlib import Path

    from mtjlab.cli.output import Output
    from mtjlab.instruments import bench_schema, bench_template

    output = Output(arguments.json)
    path = Path(arguments.path)
    schema = path.with_suffix(".schema.json")
    for file in (path, schema):
        if file.exists():
            raise InputError(f"{file} exists and is not overwritten: give another path, or move it away")
    if not path.resolve().parent.is_dir():
        raise InputError(f"{path}: the folder does not exist; create it or give another path")
    path.write_text(bench_template(simulated=arguments.simulated, schema=schema.name), encoding="utf-8")
    schema.write_text(json.dumps(bench_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    output.say(f"{path} is written, and {schema} for editors that complete TOML (taplo, Even Better TOML)")
    output.say(f"next: fill in drivers, resources and limits, then mtjlab bench check --bench {path}")
    output.json({"bench": str(path), "schema": str(schema)})
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    import json
    import sys

    from mtjlab.cli.output import Output
    from mtjlab.instruments import bench_schema

    output = Output(arguments.json)
    if arguments.json is None:
        sys.stdout.write(json.dumps(bench_schema(), indent=1, ensure_ascii=False) + "\n")
    output.json(bench_schema())
    return 0


def _list(arguments: argparse.Namespace) -> int:
    import dataclasses

    from mtjlab.cli.output import Output
    from mtjlab.instruments import BenchFile, discover, line_attributes

    output = Output(arguments.json)
    roles = dict(BenchFile.load(arguments.bench).roles) if arguments.bench else {}
    named = {settings.resource: line_attributes(settings) for settings in roles.values() if settings.resource}
    discovery = discover(arguments.visa_library, also=named, serial=arguments.serial)
    if discovery.found:
        output.grid(
            f"VISA resources, by {discovery.library}",
            ["resource", "*IDN?"],
            [[entry.resource, entry.answer or f"({entry.trouble})"] for entry in discovery.found],
        )
    if discovery.advice:
        output.say(discovery.advice)
    output.json(dataclasses.asdict(discovery))
    return 0 if any(entry.answer for entry in discovery.found) else 1


def _show(arguments: argparse.Namespace) -> int:
    from mtjlab.cli.output import Output
    from mtjlab.instruments import UNITS, BenchFile

    output = Output(arguments.json)
    description = BenchFile.load(arguments.bench).model_dump()
    roles = description["roles"]
    sections = {**description, **{f"roles.{role}": settings for role, settings in roles.items() if settings}}
    sections |= {f"defaults.{procedure}": values for procedure, values in description["defaults"].items()}
    del sections["roles"], sections["defaults"]
    output.say(f"bench {sections.pop('name')}")
    for section, values in sections.items():
        if values is not None:
            units = UNITS if section == "limits" else {}
            output.table(f"[{section}]", {name: _shown(value, units.get(name, "")) for name, value in values.items()})
    output.json(description)
    return 0


def _shown(value: object, unit: str = "") -> str:
    """Write a value of a bench file as the file would."""
    if value is None or value in ((), ""):
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_shown(each)}" for name, each in value.items() if each not in (None, ""))
    if isinstance(value, (tuple, list)):
        return "; ".join(map(_shown, value))
    return f"{value:g} {unit}".rstrip() if isinstance(value, float) else str(value)


def _serve(arguments: argparse.Namespace) -> int:
    import time
    from pathlib import Path

    from mtjlab.cli.output import Output
    from mtjlab.instruments import load_faults, serve_bench

    output = Output(arguments.json)
    stand_in = serve_bench(
        arguments.bench,
        seed=arguments.seed,
        host=arguments.host,
        real_time=arguments.real_time,
        faults=load_faults(Path(arguments.faults)) if arguments.faults else (),
    )
    try:
        output.table("Serving; Ctrl-C ends it", stand_in.resources)
        output.json({"resources": stand_in.resources}, one_line=True)
        while True:
            time.sleep(3600)  # unlike waiting for a lock, this ends at Ctrl-C on Windows too
    except KeyboardInterrupt:
        output.say("the instruments are gone")
    finally:
        stand_in.close()
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    from mtjlab.cli.output import Output
    from mtjlab.instruments import BenchFile, bench_lock

    output = Output(arguments.json)
    file = BenchFile.load(arguments.bench)
    if file.simulation is not None:
        raise InputError(f"bench {file.name} is simulated: its instruments end with it, and none is ever left on")
    lock = bench_lock(file.name, [settings.resource for _, settings in file.roles]).take()
    left = lock.left_on
    lock.shown_off(left)
    lock.release()
    for resource, who in left.items():
        output.say(f"{resource}: forgotten that {who}, which has ended")
    if not left:
        output.say(f"no instrument of bench {file.name} is known to have been left on")
    output.json({"bench": file.name, "forgotten": left})
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Open the bench and print what is there."""
    import dataclasses

    from mtjlab.cli.output import Output
    from mtjlab.core import MtjlabError
    from mtjlab.instruments import UNITS, BenchFile, check_bench, open_bench
    from mtjlab.procedures import refuse_wrong_defaults

    output = Output(arguments.json)
    missing: dict[str, MtjlabError] = {}
    file = BenchFile.load(arguments.bench)
    refuse_wrong_defaults(file)
    with open_bench(file, missing=missing) as bench:
        limits = bench.file.limits.model_dump()
        reports = check_bench(bench, missing)
        log = bench.stress.log
    output.grid(
        f"Bench {bench.file.name}{' (simulated)' if bench.simulated else ''}, device {bench.file.device.name}",
        ["role", "driver", "resource", "*IDN?", "errors", "beyond the limits"],
        [
            [
                role,
                report.driver,
                report.resource,
                report.trouble or report.idn,
                "not asked" if report.trouble else "; ".join(report.errors) or "none",
                "not known" if report.trouble else "; ".join(report.beyond) or "nothing",
            ]
            for role, report in reports.items()
        ],
        red=[number for number, report in enumerate(reports.values()) if report.trouble],
    )
    output.table("Limits", {name: f"{value:g} {UNITS[name]}" for name, value in limits.items() if value})
    output.say(f"the device has stood {log.pulses} pulses, {log.stress_time:g} s in all")
    output.json(
        {
            "bench": bench.file.name,
            "simulated": bench.simulated,
            "device": bench.file.device.name,
            "roles": {role: dataclasses.asdict(report) for role, report in reports.items()},
            "errors": {role: report.errors for role, report in reports.items()},
            "limits": limits,
            "pulses": log.pulses,
            "stress_time": log.stress_time,
        }
    )
    return 1 if any(report.trouble or report.errors or report.beyond for report in reports.values()) else 0
