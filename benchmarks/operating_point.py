"""How near to P(switch) = 1/2 the search comes, device by device, beside plain bisection.

    python benchmarks/operating_point.py [--devices N] [--seed N] [--effects full]

Devices are drawn with the reference device's spread and pulsed on the macrospin, 10 ns long with 1 ns edges. The
search begins cold, over 0.8 to 1.8 V in steps of 1 mV; its estimate is looked at after 40,000 and after 300,000 pulses.
Bisection gets 40,000 pulses in 12 halvings. The true P at each setting is counted on 400,000 pulses of their own (error
0.0008).
"""

import argparse

import numpy as np

from mtjlab.analysis.operating_point.search import OperatingPointSearch
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.draw_devices import draw_devices
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

LOW, HIGH, RESOLUTION = 0.8, 1.8, 1e-3
EARLY, LATE = 40_000, 300_000
HALVINGS = 12
TRUTH = 200_000


class Toggler:
    """Counts how many pulses of a train switch a device, states carried on."""

    def __init__(self, device: Device, effects: Effects, seed: int) -> None:
        self._macrospin = Macrospin(device, effects=effects, threads=2)
        self._seed = np.random.SeedSequence(seed)
        self._state = 0

    def switched(self, amplitude: float, count: int) -> int:
        """Send pulses and count those that switch."""
        pulse = Pulse(amplitude, 10e-9, 1e-9, 1e-9)
        both = np.tile(np.array([0, 1], np.uint8), count)
        ends = self._macrospin.switch(pulse, both, seed=self._seed.spawn(1)[0]).reshape(-1, 2).tolist()
        total = 0
        for end in ends:
            total += end[self._state] != self._state
            self._state = end[self._state]
        return total

    def truth(self, amplitude: float) -> float:
        """P(1) of toggle bits: the stationary chain's share of switching pulses."""
        both = np.tile(np.array([0, 1], np.uint8), TRUTH)
        ends = self._macrospin.switch(Pulse(amplitude, 10e-9, 1e-9, 1e-9), both, seed=self._seed.spawn(1)[0])
        up, down = ((ends != both)[state::2].mean() for state in (0, 1))
        return float(2 * up * down / (up + down))


def search(device: Toggler) -> tuple[float, float]:
    """Return the settings found after the early and the late number of pulses."""
    found = OperatingPointSearch(LOW, HIGH, resolution=RESOLUTION)
    early = 0.0
    for budget in (EARLY, LATE):
        early = found.estimate().setting if budget == LATE else early
        while found.shots.total < budget:
            volts, pulses = found.ask()
            pulses = min(pulses, budget - found.shots.total)
            found.tell(volts, pulses, device.switched(volts, pulses))
    return early, found.estimate().setting


def bisection(device: Toggler) -> float:
    """Halve the range by the sign of P - 1/2, equal pulses at each step."""
    low, high = LOW, HIGH
    for _ in range(HALVINGS):
        middle = round((low + high) / 2, 3)
        switched = device.switched(middle, EARLY // HALVINGS)
        low, high = (middle, high) if switched < EARLY // HALVINGS / 2 else (low, middle)
    return round((low + high) / 2, 3)


def main() -> None:
    """Run the study and print a row a device and the summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--effects", default="full")
    arguments = parser.parse_args()
    errors = []
    print("device            40,000 pulses     300,000 pulses    bisection (true P - 1/2 at each)")
    for index, device in enumerate(draw_devices(Device(), arguments.devices, arguments.seed)):
        toggler = Toggler(device, Effects.parse(arguments.effects), 1000 * arguments.seed + index)
        settings = (*search(toggler), bisection(toggler))
        errors.append([toggler.truth(volts) - 0.5 for volts in settings])
        words = "   ".join(f"{volts:.3f} V {error:+.4f}" for volts, error in zip(settings, errors[-1], strict=True))
        print(f"{device.name}   {words}", flush=True)
    early, late, halved = np.abs(np.array(errors)).T
    print(f"within 0.006 after 40,000 pulses: {np.count_nonzero(early <= 0.006)} of {early.size}")
    print(f"within 0.0025 after 300,000 pulses: {np.count_nonzero(late <= 0.0025)} of {late.size}")
    low, high = np.quantile(early, 0.95), np.quantile(halved, 0.95)
    print(f"95 % error after 40,000 pulses: {low:.4f}; bisection {high:.4f}; ratio {low / high:.2f}")


if __name__ == "__main__":
    main()
