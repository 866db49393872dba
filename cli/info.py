"""`mtjlab info`: describe a recording."""

import argparse
from pathlib import Path

from mtjlab.cli.common_arguments import add_json_argument

HELP = "describe a recording"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5)")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what a person wants to know about a recording."""
    from mtjlab.cli.output import Output
    from mtjlab.data.recording import Recording

    output = Output(arguments.json)
    with Recording(arguments.file) as recording:
        attributes = recording.attributes
        segments, blocks, log = recording.segments(), recording.blocks(), recording.log()
        ones, bits = int(blocks["ones"].sum()), recording.committed
        status = {"killed": "killed (the process died; all committed bits are here)"}.get(
            recording.status, str(recording.status)
        )
        summary = {
            "status": status,
            "procedure": recording.procedure,
            "created": str(attributes["created"]),
            "finished": str(attributes["finished"]) or "-",
            "software": str(attributes["software"]),
            "bench": "simulated" if recording.simulated else "real instruments",
            "bits": f"{bits:,}",
            "ones": f"{ones:,}" + (f"  (P(1) = {ones / bits:.5f})" if bits else ""),
            "blocks": f"{len(blocks):,}",
            "segments": f"{len(segments)}",
            "duration": f"{float((segments['end'] - segments['start']).sum()):.3g} s",
        }
        sample = {name: str(value) for name, value in recording.sample.items() if value}
        parameters = recording.parameters
        instruments = recording.instruments
    output.table(str(arguments.file), summary)
    if sample:
        output.table("Sample", sample)
    output.table(
        "Parameters",
        {
            f"{name} ({parameter.description})": f"{parameter.value:,} {parameter.unit}".strip()
            if isinstance(parameter.value, (int, float))
            else str(parameter.value)
            for name, parameter in parameters.items()
        },
    )
    output.grid(
        "Instruments",
        ["role", "driver", "resource", "*IDN?"],
        [[role, item.driver, item.resource, item.idn] for role, item in instruments.items()],
    )
    if len(log):
        rows = [[str(row.level), str(row.source), str(row.message)] for row in log.tail(10).itertuples()]
        output.grid("Log (the last ten)", ["level", "source", "message"], rows)
    output.json(
        {
            **{name: attributes[name] for name in ("created", "finished", "software", "format_version")},
            "status": str(recording.status),
            "procedure": summary["procedure"],
            "bits": bits,
            "ones": ones,
            "blocks": len(blocks),
            "segments": len(segments),
            "simulated": summary["bench"] == "simulated",
            "sample": sample,
            "parameters": {
                name: {"value": parameter.value, "unit": parameter.unit} for name, parameter in parameters.items()
            },
            "instruments": {
                role: {"driver": item.driver, "resource": item.resource, "idn": item.idn}
                for role, item in instruments.items()
            },
        }
    )
    return 0
