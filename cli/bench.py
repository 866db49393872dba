"""`mtjlab bench`: check, show or serve the instruments of a bench."""

import argparse

from mtjlab.cli.common_arguments import add_debug_argument, add_json_argument
from mtjlab.cli.numbers import integer

HELP = "check, show or serve the instruments of a bench"
ACTIONS = {
    "check": "open every instrument and print role, resource, *IDN? and limits; no output is switched on",
    "show": "print the bench file with all its defaults; nothing is opened",
    "serve": "let any VISA client talk to the simulated instruments, until Ctrl-C or SIGTERM",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    for name, words in ACTIONS.items():
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument(
            "--bench", default="simulated", metavar="FILE", help="bench file or shipped bench (simulated)"
        )
        if name == "serve":
            action.add_argument("--seed", type=integer(0, 2**32 - 1), help="seed of the simulated device")
        add_json_argument(action)
        add_debug_argument(action)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    return {"check": _check, "show": _show, "serve": _serve}[arguments.action](arguments)


def _show(arguments: argparse.Namespace) -> int:
    from mtjlab.cli.output import Output
    from mtjlab.instruments.bench_file import BenchFile

    output = Output(arguments.json)
    description = BenchFile.load(arguments.bench).model_dump()
    roles = description["roles"]
    sections = {**description, **{f"roles.{role}": settings for role, settings in roles.items() if settings}}
    del sections["roles"]
    output.say(f"bench {sections.pop('name')}")
    for section, values in sections.items():
        if values is not None:
            output.table(f"[{section}]", {name: str(value) for name, value in values.items()})
    output.json(description)
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    import threading

    from mtjlab.cli.output import Output
    from mtjlab.instruments import serve_bench

    output = Output(arguments.json)
    stand_in = serve_bench(arguments.bench, seed=arguments.seed)
    try:
        output.table("Serving; Ctrl-C ends it", stand_in.resources)
        output.json({"resources": stand_in.resources}, one_line=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        stand_in.close()
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Open the bench and print what is there."""
    from mtjlab.cli.output import Output
    from mtjlab.instruments import open_bench

    output = Output(arguments.json)
    with open_bench(arguments.bench) as bench:
        limits = bench.file.limits.model_dump()
        rows, errors = {}, {}
        for role, instrument in bench.roles.items():
            rows[role] = {
                "driver": getattr(bench.file.roles, role).driver,
                "resource": bench.resources[role],
                "idn": instrument.identify(),
                "settings": dict(instrument.settings()),
            }
            errors[role] = instrument.errors()
    units = {"pulse_amplitude": "V", "pulse_width": "s", "pulse_energy": "J", "read_bias": "V", "compliance": "A"}
    output.grid(
        f"Bench {bench.file.name}{' (simulated)' if bench.simulated else ''}, device {bench.file.device.name}",
        ["role", "driver", "resource", "*IDN?", "errors"],
        [
            [role, row["driver"], row["resource"], row["idn"], "; ".join(errors[role]) or "none"]
            for role, row in rows.items()
        ],
    )
    output.table("Limits", {name: f"{value:g} {units.get(name, '')}" for name, value in limits.items() if value})
    output.json(
        {
            "bench": bench.file.name,
            "simulated": bench.simulated,
            "device": bench.file.device.name,
            "roles": rows,
            "errors": errors,
            "limits": limits,
        }
    )
    return 1 if any(errors.values()) else 0
