"""Make the switching table of a device: `python -m mtjlab.instruments.simulated.junction.calibrate_table DEVICE FILE`.

With the defaults it makes `reference.npz` again, the table shipped for the reference device, in some minutes.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from mtjlab.instruments.simulated.device.device import load_device
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable

__all__ = ["main"]

# Below 1.3 V the probability bends gently with the amplitude. Above, the precession leaves its mark on the
# final state, and its phase at the end of a long pulse turns quickly with the amplitude; with the width it
# turns once in 1.3 ns, and the longer the pulse the more of it the thermal noise has washed out.
_AMPLITUDES = np.round(np.concatenate([np.linspace(1.0, 1.275, 12), np.linspace(1.3, 1.4, 11)]), 6)
_WIDTHS = np.concatenate([np.linspace(5e-9, 10e-9, 34), np.linspace(10e-9, 15e-9, 26)[1:]])
_EDGE = 1e-9  # of the Keysight 81160A
_OPERATING_POINT = (1.25, 10e-9)


def main(arguments: list[str] | None = None) -> int:
    """Calibrate and write a table.

    Parameters
    ----------
    arguments
        Command line without the program's name; the process's own unless given.

    Returns
    -------
    int
        0 done, 2 bad input.
    """
    parser = argparse.ArgumentParser(prog="calibrate_table", description="Make the switching table of a device.")
    parser.add_argument("device", nargs="?", default="reference", help="shipped device or TOML file (reference)")
    parser.add_argument("file", nargs="?", default="reference.npz", help="table to write (reference.npz)")
    parser.add_argument("--shots", type=int, default=6_000, help="pulses from each state at each grid point (6000)")
    parser.add_argument("--refine", type=int, default=250_000, help="the same at 1.25 V, 10 ns (250000)")
    parser.add_argument("--seed", type=int, default=2026, help="seed of the thermal noise (2026)")
    given = parser.parse_args(arguments)
    try:
        device = load_device(given.device)
        table = SwitchingTable.calibrate(
            device, _AMPLITUDES, _WIDTHS, _EDGE, _EDGE, given.shots, seed=given.seed, progress=_report
        ).refined(device, *_OPERATING_POINT, shots=given.refine, seed=given.seed + 1)
    except ValueError as error:
        parser.error(str(error))
    table.save(given.file)
    return 0


def _report(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {total} amplitudes" + ("\n" if done == total else ""))


if __name__ == "__main__":
    sys.exit(main())
