"""`mtjlab bench`: talk to the instruments of a bench."""

import argparse

from mtjlab.cli.common_arguments import add_debug_argument, add_json_argument

HELP = "check the instruments of a bench"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    check = actions.add_parser(
        "check", help="open every instrument and print role, resource, *IDN? and limits; no output is switched on"
    )
    check.add_argument("--bench", default="simulated", metavar="FILE", help="bench file or shipped bench (simulated)")
    add_json_argument(check)
    add_debug_argument(check)


def run(arguments: argparse.Namespace) -> int:
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
    output.table("Limits", {name: f"{value:g} {units.get(name, '')}" for name, value in limits.items()})
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
