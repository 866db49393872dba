"""Rates of leaving P and AP under a bias and a field in the plane, beside those counted on the macrospin.

    python benchmarks/rates_with_torque.py [--shots N] [--seed N]

Damping as the device file has it; thermal field, torque and the bias' effect on the anisotropy act. The columns as a
field are what taking the torque for a field a/α along the easy axis would give.
"""

import argparse
import math

from mtjlab.instruments.simulated import (
    Device,
    DwellTime,
    Effects,
    EnergyLandscape,
    Macrospin,
    Rates,
    saddle_factor,
    slowest_relaxation,
)

EFFECTS = Effects.parse("thermal,stt,disturb")
CASES = (
    (8, 0.15, 0.05, 0.02),
    (8, 0.15, -0.03, 0.02),
    (9, 0.15, 0.08, 0.02),
    (7, 0.08, 0.03, 0.02),
    (7, 0.0, 0.03, 0.02),
    (8, 0.15, 0.05, 0.1),
)


def device_of(stability: float, field: float, damping: float) -> Device:
    """Give the reference device with another Δ, field over anisotropy field, and damping."""
    energy = Device().anisotropy_energy * stability / Device().thermal_stability
    device = Device(anisotropy_energy=energy, in_plane_field=0.0, damping=damping)
    return device.model_copy(update={"in_plane_field": field * device.anisotropy_field(0.0)})


def as_field(device: Device, voltage: float) -> tuple[float, float]:
    """Give the rates with the torque taken for a field a/α."""
    landscape = EnergyLandscape.of(device, voltage, EFFECTS)
    rate, parallel, antiparallel = slowest_relaxation(landscape)
    factor = saddle_factor(landscape)
    return factor * rate * antiparallel, factor * rate * parallel


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=int, default=20_000, help="macrospins of a case (20000)")
    parser.add_argument("--seed", type=int, default=1, help="seed (1)")
    given = parser.parse_args()
    print("| Δ | Bx/Bk | V | α | leaving | macrospin [1/s] | rates | over it | as a field | over it |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for stability, field, voltage, damping in CASES:
        device = device_of(stability, field, damping)
        macrospin = Macrospin(device, effects=EFFECTS, threads=2)
        found = DwellTime.count(macrospin, given.shots, voltage=voltage, seed=given.seed, dt=8e-12)
        counted = 1 / found.parallel, 1 / found.antiparallel
        # The share of the final population is a count over the shots, the sum of the rates has its own error.
        share = counted[0] / sum(counted)
        spread = math.sqrt(share * (1 - share) / given.shots)
        errors = [math.hypot(found.rate_error / found.rate, spread / each) for each in (share, 1 - share)]
        rates, field_rates = Rates(device, EFFECTS).leaving(voltage), as_field(device, voltage)
        for number, name in enumerate(("P", "AP")):
            error = errors[number] * counted[number]
            case = f"| {stability} | {field:g} | {voltage:g} | {damping:g} | {name} "
            found_here = f"| {counted[number]:.3g} ± {error:.1g} "
            beside = " ".join(
                f"| {each[number]:.3g} | {each[number] / counted[number]:.2f}" for each in (rates, field_rates)
            )
            print(f"{case}{found_here}{beside} |")


if __name__ == "__main__":
    main()
