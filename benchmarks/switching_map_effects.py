"""What each effect of the device does to the ξ and the Hx that are fitted to its map, beyond the scatter of counts.

    python benchmarks/switching_map_effects.py [--device 0] [--shots 20000] [--seed 1] [--effects E ...]

A drawn device is mapped as `procedure_coverage.py` maps it: 15,000 pulses, 200 at a setting, of 1.0 to 1.55 V and 1.5
to 2.5 ns with edges of 1 ns on a bias of 50 mV, which is the sampler's coarse grid less its last row. At the settings
of that map each set of effects is then counted with many more shots, and the shares are fitted as if they were those of
the 15,000 pulses: once as `switching-probability` does, and once as if pulses did not heat (`cool`) and the line did
not round them (`sharp`). Shifts are in per cent, and in standard errors of such a map. Half a minute of a core a fit.
"""

import argparse
import dataclasses

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.switching_map import FreeLayer, MapSampler, Precession, PrecessionFit
from mtjlab.instruments.simulated import DeliveredPulse, Device, Effects, Macrospin, Pulse, draw_devices, load_device

PULSES, SHOTS, EDGE, BIAS = 15_000, 200, 1e-9, 0.05


def pulse_of(setting: NDArray[np.float64]) -> Pulse:
    """Make the pulse of a setting, amplitude [V] and width [s]."""
    return Pulse(float(setting[0]), float(setting[1]), EDGE, EDGE, base=BIAS)


def counted(macrospin: Macrospin, setting: NDArray[np.float64], shots: int, seed: np.random.SeedSequence) -> list[int]:
    """Count switchings from P and from AP, of as many shots from either."""
    before = np.tile(np.array([0, 1], np.uint8), shots)
    switched = macrospin.switch(pulse_of(setting), before, seed=seed) != before
    return [int(switched[state::2].sum()) for state in (0, 1)]


def mapped(device: Device, seeds: np.random.SeedSequence) -> NDArray[np.float64]:
    """Give the settings of a map, shape (N, 2)."""
    macrospin = Macrospin(device, effects=Effects.full())
    sampler = MapSampler((1.0, 1.55), (1.5e-9, 2.5e-9), shots=SHOTS, steps=(1e-3, 1e-11))
    while sampler.pulses + SHOTS <= PULSES:
        setting = sampler.ask()
        switched = sum(counted(macrospin, np.array(setting), SHOTS // 2, seeds.spawn(1)[0]))
        sampler.tell(*setting, SHOTS, switched)
    return np.array(sampler.settings)


def acting(device: Device, effects: Effects, setting: NDArray[np.float64]) -> float:
    """Give the voltage at the junction on the top, which `calibrate-amplitude` would measure."""
    delivered = DeliveredPulse(pulse_of(setting), device, effects.without("rc", "ringing"))
    return float(delivered.voltage(delivered.top_end))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", type=int, default=0, help="number of the drawn device")
    parser.add_argument("--shots", type=int, default=20_000, help="from each state, at each setting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--effects", nargs="+", default=["ideal,stt", "full", "full,-heating", "full,-rc"])
    options = parser.parse_args()
    device = draw_devices(load_device("reference"), options.device + 1, options.seed)[-1]
    reference, seeds = load_device("reference"), np.random.SeedSequence([options.seed, options.device])
    settings = mapped(device, seeds)
    moment = reference.thermal_stability * reference.saturation_magnetisation / reference.anisotropy_energy
    guess = Precession(reference.vcma_coefficient, reference.in_plane_field, reference.damping, moment, warming=4.6)
    line = device.line
    layer = FreeLayer(
        device.saturation_magnetisation, device.thickness, device.barrier_thickness, device.anisotropy_energy, EDGE,
        rest=BIAS, lag=line.source_resistance * line.pad_capacitance, warming_time=device.heating.time_constant,
    )  # fmt: skip
    known = {"as it is": (layer, guess), "cool": (layer, guess._replace(warming=0.0)),
             "sharp": (dataclasses.replace(layer, lag=0.0), guess)}  # fmt: skip
    print(f"{'effects':<16} {'fitted':<9} {'xi':>8} {'(sigma)':>8} {'Hx':>8} {'(sigma)':>8} {'chi2':>6}")
    for name in options.effects:
        effects = Effects.parse(name)
        macrospin = Macrospin(device, effects=effects)
        shares = np.array([counted(macrospin, each, options.shots, seeds.spawn(1)[0]) for each in settings]).T
        volts = np.array([acting(device, effects, each) for each in settings])
        shots = np.full(shares.shape, SHOTS / 2)
        for how, (known_layer, begin) in known.items():
            fit = PrecessionFit.fit(volts, settings[:, 1], shares / options.shots * shots, shots, known_layer, begin)
            shifts = []
            for found, true in ((fit.vcma, device.vcma_coefficient), (fit.in_plane_field, device.in_plane_field)):
                away = found.value - true
                shifts.append(f"{away / true:+8.2%} {away / found.uncertainty:+8.2f}")
            print(f"{name:<16} {how:<9} {' '.join(shifts)} {fit.chi_square:6.1f}", flush=True)


if __name__ == "__main__":
    main()
