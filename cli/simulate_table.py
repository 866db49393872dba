"""`mtjlab simulate table`: make the switching table of a device where a bench will need it."""

import argparse
from pathlib import Path

from mtjlab.cli.output import Output
from mtjlab.instruments.simulated import Effects, NodeFile, Surroundings, SwitchingTable, load_device

__all__ = ["make_table"]


def make_table(arguments: argparse.Namespace) -> int:
    """Count P(switch) over a region of pulses and keep it.

    Parameters
    ----------
    arguments
        As `mtjlab simulate table` has them.

    Returns
    -------
    int
        0.

    Raises
    ------
    ValueError
        If the device or the effects are unknown, or the region has no pulse.
    """
    output = Output(arguments.json)
    device, effects = load_device(arguments.device), Effects.parse(arguments.effects)
    table = SwitchingTable(device, effects, shots=arguments.shots, threads=arguments.threads)
    file = NodeFile(Path(arguments.output), table.fingerprint) if arguments.output else table.file
    around = Surroundings(arguments.in_plane_field, arguments.perpendicular_field, arguments.temperature)
    with output.progress() as stage:
        made = table.prepare(
            tuple(arguments.amplitudes),
            tuple(arguments.widths),
            (arguments.edge, arguments.edge),
            around.applied(device),
            stage("switching table"),
            file,
        )
        misfits = []
        if arguments.smooth:
            edges = (arguments.edge, arguments.edge)
            misfits = table.smooth(edges, around.applied(device), stage("smoothing"), file)
    output.say(f"{made} points counted with {arguments.shots} pulses from each state; {len(table)} in all: {file.path}")
    if misfits:
        told = ", ".join(f"{misfit:.2f}" for misfit in misfits)
        output.say(
            f"smoothed; chi-square over degrees of freedom of each grid (1: what was taken away is chance): {told}"
        )
    output.json(
        {"device": device.name, "effects": list(table.effects), "fingerprint": table.fingerprint}
        | {"counted": made, "points": len(table), "path": str(file.path), "misfits": misfits}
    )
    return 0
