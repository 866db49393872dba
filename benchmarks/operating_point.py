"""How near to P(switch) = 1/2 the search comes, device by device, beside plain bisection.

    python benchmarks/operating_point.py [--devices N] [--late N] [--first N] [--seed N] [--effects full]

Devices are drawn with the reference device's spread and pulsed on the macrospin, 10 ns long with 1 ns edges. The
search begins cold, over 0.8 to 1.8 V in steps of 1 mV; its estimate is looked at after 40,000 pulses and, for the first
`--late` devices, after 300,000. Those are bisected too, with 40,000 pulses in 12 halvings. The true P at a setting is
counted on pulses of its own: 200,000 (error 0.0011), at the late one 1,200,000 (0.0005). The interval of P at the point
covers where it holds the true P, the error of the count allowed for.
"""

import argparse
import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

from mtjlab.analysis.operating_point import OperatingPoint, OperatingPointSearch
from mtjlab.instruments.simulated import Device, Effects, Macrospin, Pulse, draw_devices

LOW, HIGH, RESOLUTION = 0.8, 1.8, 1e-3
EARLY, LATE = 40_000, 300_000
HALVINGS = 12
EARLY_TRUTH, LATE_TRUTH = 100_000, 600_000
"""Pulses from each state that the true P is counted on."""
Z95 = 1.96


class Toggler:
    """Counts how many pulses of a train switch a device, states carried on."""

    def __init__(self, device: Device, effects: Effects, seed: int) -> None:
        self._macrospin = Macrospin(device, effects=effects, threads=1)
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

    def truth(self, amplitude: float, count: int) -> float:
        """P(1) of toggle bits: the stationary chain's share of switching pulses."""
        both = np.tile(np.array([0, 1], np.uint8), count)
        ends = self._macrospin.switch(Pulse(amplitude, 10e-9, 1e-9, 1e-9), both, seed=self._seed.spawn(1)[0])
        up, down = ((ends != both)[state::2].mean() for state in (0, 1))
        return float(2 * up * down / (up + down))


@dataclasses.dataclass(frozen=True)
class Outcome:
    """An estimate and the truth about it."""

    setting: float
    error: float
    """True P - 1/2."""
    covered: bool
    """Whether the interval of P holds the true one."""

    @classmethod
    def of(cls, point: OperatingPoint, device: Toggler, count: int) -> Self:
        """Count the true P at an estimate."""
        true = device.truth(point.setting, count)
        spread = math.hypot(point.probability_error, 0.5 / math.sqrt(2 * count))
        return cls(point.setting, true - 0.5, abs(true - point.probability) <= Z95 * spread)

    def __str__(self) -> str:
        return f"{self.setting:.3f} V {self.error:+.4f}{' ' if self.covered else '!'}"


def search(device: Toggler, budgets: Sequence[int]) -> Iterator[OperatingPoint]:
    """Search, and give the estimate after each number of pulses."""
    found = OperatingPointSearch(LOW, HIGH, resolution=RESOLUTION)
    for budget in budgets:
        while found.shots.total < budget:
            volts, pulses = found.ask()
            pulses = min(pulses, budget - found.shots.total)
            found.tell(volts, pulses, device.switched(volts, pulses))
        yield found.estimate()


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
    parser.add_argument("--late", type=int, help="devices that are searched to the end and bisected (all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first device")
    parser.add_argument("--effects", default="full")
    arguments = parser.parse_args()
    late = arguments.devices if arguments.late is None else arguments.late
    early: list[Outcome] = []
    full: list[Outcome] = []
    halved: list[float] = []
    print("true P - 1/2 at each setting; ! where the interval of P does not hold it")
    print("device            40,000 pulses     300,000 pulses    bisection", flush=True)
    first = arguments.first
    for index, drawn in enumerate(draw_devices(Device(), first + arguments.devices, arguments.seed)[first:], first):
        device = Toggler(drawn, Effects.parse(arguments.effects), 1000 * arguments.seed + index)
        points = search(device, (EARLY, LATE) if index < first + late else (EARLY,))
        early.append(Outcome.of(next(points), device, EARLY_TRUTH))
        row = f"{drawn.name}   {early[-1]}"
        if index < first + late:
            full.append(Outcome.of(next(points), device, LATE_TRUTH))
            volts = bisection(device)
            halved.append(device.truth(volts, EARLY_TRUTH) - 0.5)
            row += f"   {full[-1]}   {volts:.3f} V {halved[-1]:+.4f}"
        print(row, flush=True)
    report(early, full, halved)


def report(early: list[Outcome], full: list[Outcome], halved: list[float]) -> None:
    """Print what the study says."""
    for pulses, limit, outcomes in ((EARLY, 0.006, early), (LATE, 0.0025, full)):
        if outcomes:
            within = sum(abs(each.error) <= limit for each in outcomes)
            covered = sum(each.covered for each in outcomes)
            print(f"after {pulses:,} pulses: within {limit} {within} of {len(outcomes)}; covered {covered}")
    if halved:
        low, high = (np.quantile(np.abs(each), 0.95) for each in ([e.error for e in early[: len(halved)]], halved))
        print(f"95 % error after 40,000 pulses: {low:.4f}; bisection {high:.4f}; ratio {low / high:.2f}")


if __name__ == "__main__":
    main()
