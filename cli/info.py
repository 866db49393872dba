"""`mtjlab info`: describe a recording, and check it."""

import argparse
import gc
import time
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.analysis import poor_fits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.result_json import result_json

if TYPE_CHECKING:
    from mtjlab.cli.output import Output
    from mtjlab.data import Recording, RecordingSummary

HELP = "describe a recording; --verify checks every block of it, exit code 1 where something is wrong"

MOST_FAULTS = 20
"""Faults that are printed; the rest are counted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5); also one that is being written")
    parser.add_argument("--verify", action="store_true", help="check counts, segments and the checksum of each block")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what a person wants to know about a recording."""
    # What importing makes stays to the end: looking through it for garbage, now and at the exit, takes a tenth of
    # the time.
    gc.disable()
    from mtjlab.cli.output import Output
    from mtjlab.data import Recording

    gc.freeze()
    gc.enable()
    output = Output(arguments.json)
    with Recording(arguments.file) as recording:
        summary = recording.summary()
        said = _describe(recording, summary, output)
        faults = _verify(recording, summary, output) if arguments.verify else None
    output.json(said if faults is None else said | {"faults": faults})
    return 1 if faults else 0


def _describe(recording: "Recording", summary: "RecordingSummary", output: "Output") -> dict[str, Any]:
    """Print what is known, and return it for programs."""
    attributes, parameters, instruments = recording.attributes, recording.parameters, recording.instruments
    sample = {name: str(value) for name, value in recording.sample.items() if value}
    output.table(str(recording.path), _overview(recording, summary, attributes))
    if sample:
        output.table("Sample", sample)
    results = recording.results
    if results:
        output.table("Results", {name: str(result) for name, result in results.items()})
        for words in poor_fits(results):
            output.say(f"warning: {words}")
    fits = recording.fits
    if len(fits) > 1 or any(fit.settings for fit in fits):
        output.grid(
            "Fits (the results above are the newest of each name)",
            ["made", "settings", "results", "by"],
            [[_clock(f.time), f.settings or "as recorded", str(len(f.results)), f.software] for f in fits],
        )
    if parameters:
        shown = {f"{name} ({p.description})": f"{_value(p.value)} {p.unit}".strip() for name, p in parameters.items()}
        output.table("Parameters", shown)
    if instruments:
        rows = [[role, item.driver, item.resource, item.idn] for role, item in instruments.items()]
        output.grid("Instruments", ["role", "driver", "resource", "*IDN?"], rows)
    if len(summary.segments) > 1:
        rows = [
            [_clock(s.start), f"{s.end - s.start:.3g} s", f"{s.bits:,}", f"{s.host}, process {s.process}", s.why or "-"]
            for s in summary.segments
        ]
        output.grid("Segments", ["start", "duration", "bits", "on", "ended by"], rows)
    messages = recording.messages(10)
    if messages:
        output.grid(
            "Log (the last ten)", ["time", "level", "source", "message"], [[_clock(t), *m] for t, *m in messages]
        )
    return {
        **{name: attributes[name] for name in ("created", "finished", "software", "format_version")},
        "status": str(summary.status),
        "procedure": str(attributes["procedure"]),
        "size": summary.size,
        "bits": summary.bits,
        "planned": summary.planned,
        "ones": summary.ones,
        "blocks": summary.blocks,
        "alarms": summary.alarms,
        "rows": summary.rows,
        "columns": summary.columns,
        "segments": len(summary.segments),
        "duration": summary.duration,
        "last_written": summary.last_written,
        "simulated": recording.simulated,
        "sample": sample,
        "results": result_json(results),
        "fits": [
            {"time": fit.time, "settings": fit.settings, "software": fit.software, "results": result_json(fit.results)}
            for fit in fits
        ],
        "parameters": {name: {"value": item.value, "unit": item.unit} for name, item in parameters.items()},
        "instruments": {
            role: {"driver": item.driver, "resource": item.resource, "idn": item.idn}
            for role, item in instruments.items()
        },
    }


def _overview(recording: "Recording", summary: "RecordingSummary", attributes: dict[str, Any]) -> dict[str, str]:
    bits, planned = summary.bits, summary.planned
    share = f" of {planned:,} ({bits / planned:.0%})" if planned else ""
    point = " · ".join(
        f"{value:.6g} {unit}"
        for name, unit in (("amplitude", "V"), ("width", "s"), ("field", "T"))
        if (value := summary.operating_point.get(name)) is not None
    )
    rate = f"  ({bits / summary.duration:,.0f} bits/s)" if bits and summary.duration > 0 else ""
    told = {
        "status": _status(summary, str(attributes["finished"])),
        "procedure": str(attributes["procedure"]),
        "created": str(attributes["created"]),
        "finished": str(attributes["finished"]) or "-",
        "software": str(attributes["software"]),
        "bench": "simulated" if recording.simulated else "real instruments",
        "file": f"{summary.size:,} bytes, format version {attributes['format_version']}",
        "duration": f"{summary.duration:.3g} s in {len(summary.segments)} segment{'s' * (len(summary.segments) > 1)}"
        + rate,
        "bits": f"{bits:,}{share}",
        "ones": f"{summary.ones:,}" + (f"  (P(1) = {summary.ones / bits:.5f})" if bits else ""),
        "blocks": f"{summary.blocks:,}" + (f", health alarms {summary.alarms:,}" if summary.alarms else ""),
        "rows": f"{summary.rows:,}"
        + (f" of {', '.join(starmap(_column, summary.columns.items()))}" if summary.columns else ""),
    }
    return told | ({"operating point": f"{point} (the last block)"} if point else {})


def _status(summary: "RecordingSummary", finished: str) -> str:
    last = summary.segments[-1] if summary.segments else None
    ago = max(0.0, time.time() - summary.last_written)
    if summary.status == "killed":
        return (
            f"killed (the process died, {_clock(summary.last_written)}; all committed bits are here; it can be resumed)"
        )
    if summary.status == "running" and last is not None:
        return f"running (process {last.process} on {last.host}, last written {ago:.3g} s ago)"
    why = last.why if last is not None else ""
    return f"{summary.status} ({why})" if why and why != summary.status else str(summary.status)


def _verify(recording: "Recording", summary: "RecordingSummary", output: "Output") -> list[str]:
    faults: list[str] = []
    with output.progress() as stage:
        for fault in recording.verify(stage("verifying")):
            faults.append(fault)
    for remark in recording.remarks:
        output.say(f"Note: {remark}.")
    for fault in faults[:MOST_FAULTS]:
        output.say(f"WRONG: {fault}.")
    if len(faults) > MOST_FAULTS:
        output.say(f"… and {len(faults) - MOST_FAULTS:,} more.")
    checked = f"{summary.bits:,} bits in {summary.blocks:,} blocks, {len(summary.segments)} segments"
    output.say(
        f"Faults: {len(faults):,}, in {checked}. Keep the file, and copy it again from its origin or its mirror."
        if faults
        else f"All is well: {checked}."
    )
    return faults


def _column(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _value(value: Any) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(sep=" ", timespec="seconds")
