"""How often the 95 % intervals of ξ and Hx from a map hold the device's own.

    python benchmarks/switching_map_fit.py [--devices N] [--first N] [--pulses N] [--effects E] [--seed N]

Devices are drawn with the reference device's spread and mapped on the macrospin by adaptive sampling, 100 pulses at a
setting, 1.0 to 1.6 V and 0.3 to 3 ns with 50 ps edges. Keff, Ms, tf and tox are taken as known; ξ, Hx, damping and
thermal stability begin at the reference device's. The default effects are the thermal field alone, and both states are
counted together, 7 s of a core a device; with `--effects ideal,stt` they are counted apart, and the torque of the
current is fitted too, 16 s. `procedure_coverage.py` has the procedure itself, with all effects.
"""

import argparse
from typing import NamedTuple

import numpy as np

from mtjlab.analysis.switching_map import FreeLayer, MapSampler, Precession, PrecessionFit
from mtjlab.core import BOLTZMANN
from mtjlab.instruments.simulated import Device, Effects, Macrospin, Pulse, draw_devices

AMPLITUDES, WIDTHS = (1.0, 1.6), (0.3e-9, 3e-9)
SHOTS, EDGE, SETTLE = 100, 50e-12, 3e-9


class Map(NamedTuple):
    """What was counted."""

    settings: np.ndarray
    """Amplitudes and widths, shape (2, N)."""
    switched: np.ndarray
    """Pulses that switched, shape (2, N), from P and from AP; as many were sent from either."""


def mapped(device: Device, effects: Effects, pulses: int, seed: int) -> Map:
    """Map a device."""
    counts = []
    macrospin, sampler = Macrospin(device, effects=effects), MapSampler(AMPLITUDES, WIDTHS, shots=SHOTS)
    before, seeds = np.tile(np.array([0, 1], np.uint8), SHOTS // 2), np.random.SeedSequence(seed)
    while sampler.pulses + SHOTS <= pulses:
        volts, width = sampler.ask()
        after = macrospin.switch(Pulse(volts, width, EDGE, EDGE), before, settle=SETTLE, seed=seeds.spawn(1)[0])
        counts.append([int((after != before)[state::2].sum()) for state in (0, 1)])
        sampler.tell(volts, width, SHOTS, sum(counts[-1]))
    return Map(np.array(sampler.settings).T, np.array(counts).T)


def fitted(device: Device, counted: Map, guess: Precession, *, apart: bool) -> PrecessionFit:
    """Fit a device's map."""
    layer = FreeLayer(
        device.saturation_magnetisation, device.thickness, device.barrier_thickness, device.anisotropy_energy, EDGE
    )
    switched = counted.switched if apart else counted.switched.sum(axis=0)
    return PrecessionFit.fit(
        *counted.settings, switched, np.full(switched.shape, SHOTS // 2 if apart else SHOTS), layer, guess
    )


def main() -> None:
    """Run the study and print a row a device and the coverage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=400)
    parser.add_argument("--first", type=int, default=0, help="number of the first device, to share the work")
    parser.add_argument("--pulses", type=int, default=15_000)
    parser.add_argument("--effects", default="ideal")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reference, effects = Device(), Effects.parse(options.effects)
    moment = reference.saturation_magnetisation * reference.volume / (BOLTZMANN * reference.temperature)
    guess = Precession(reference.vcma_coefficient, reference.in_plane_field, reference.damping, moment)
    rows, failed = [], 0
    print(f"{'device':>6} {'xi':>9} {'+-':>8} {'z':>6} {'Hx':>8} {'+-':>8} {'z':>6} {'p':>6}")
    devices = draw_devices(reference, options.first + options.devices, options.seed)[options.first :]
    for number, device in enumerate(devices, options.first):
        counted = mapped(device, effects, options.pulses, 1000 * options.seed + number)
        try:
            found = fitted(device, counted, guess, apart="stt" in effects)
        except ValueError as error:
            failed += 1
            print(f"{number:6d} no fit: {error}", flush=True)
            continue
        xi, field = found.vcma, found.in_plane_field
        z = (
            (xi.value - device.vcma_coefficient) / xi.uncertainty,
            (field.value - device.in_plane_field) / field.uncertainty,
        )
        relative = xi.uncertainty / xi.value, field.uncertainty / field.value
        rows.append((*z, *relative))
        print(
            f"{number:6d} {xi.value:9.3e} {xi.uncertainty:8.1e} {z[0]:+6.2f} "
            f"{field.value:8.5f} {field.uncertainty:8.1e} {z[1]:+6.2f} {found.p_value:6.3f}",
            flush=True,
        )
    every = np.array(rows)
    for name, z, relative in zip(("xi", "Hx"), every.T[:2], every.T[2:], strict=True):
        held = np.count_nonzero(np.abs(z) < 1.96)
        print(
            f"{name}: {held} of {z.size} intervals hold the true value ({held / z.size:.1%}); "
            f"z has mean {z.mean():+.2f}, standard deviation {z.std():.2f}; median error {np.median(relative):.2%}"
        )
    print(f"without a fit: {failed}")


if __name__ == "__main__":
    main()
