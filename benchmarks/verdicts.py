"""How often `mtjlab randomness` fails fair files, and which defects it sees.

False alarms and power of the verdict of each suite.

    python benchmarks/verdicts.py [--suites mtjlab,sp800-22,ais-31] [--fair N] [--repeats N] [--bits N] [--seed N]

Each file is judged as the command judges it: `all` is the exit code of `mtjlab randomness FILE --suite all`, which
fails where one suite fails. The non-IID track of SP 800-90B gives an estimate and no verdict; its IID track (`iid`)
takes seconds a file and is asked for by name.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np
from false_alarm_interval import interval
from numpy.typing import NDArray

from mtjlab.analysis.randomness import Judge, SymbolSource, assess, assess_iid, run, run_ais_31
from mtjlab.core import Bits

Raw = NDArray[np.uint8]
Maker = Callable[[np.random.Generator, int], Raw]
RATE = 100_000.0
"""Bits a second of the files with the hum of the mains."""
MAINS = 50.0
"""Frequency of the mains [Hz]."""


def fair(generator: np.random.Generator, bits: int) -> Raw:
    """Make fair bits."""
    return np.unpackbits(np.frombuffer(generator.bytes(-(-bits // 8)), np.uint8))[:bits]


def biased(share: float) -> Maker:
    """Make bits that are one with probability `share`."""
    return lambda generator, bits: (generator.random(bits) < share).astype(np.uint8)


def correlated(coefficient: float) -> Maker:
    """Make bits whose correlation with the one before is `coefficient`, fair in the mean."""
    flip = (1 - coefficient) / 2
    return lambda generator, bits: np.bitwise_xor.accumulate((generator.random(bits) < flip).astype(np.uint8))


def drifting(amplitude: float) -> Maker:
    """Make bits whose P(1) runs from 0.5 - `amplitude` to 0.5 + `amplitude` over the file, fair in the mean."""
    return lambda generator, bits: (generator.random(bits) < 0.5 + amplitude * np.linspace(-1, 1, bits)).astype(
        np.uint8
    )


def humming(amplitude: float) -> Maker:
    """Make bits whose P(1) follows the mains with `amplitude`, at a random phase."""

    def make(generator: np.random.Generator, bits: int) -> Raw:
        phase = 2 * np.pi * (MAINS / RATE * np.arange(bits) + generator.random())
        return (generator.random(bits) < 0.5 + amplitude * np.sin(phase)).astype(np.uint8)

    return make


def one_stuck_of(devices: int) -> Maker:
    """Make the bits of that many devices in turn, one of which always gives 1."""

    def make(generator: np.random.Generator, bits: int) -> Raw:
        raw = fair(generator, bits).copy()
        raw[generator.integers(devices) :: devices] = 1
        return raw

    return make


def stuck_for(pulses: int) -> Maker:
    """Make fair bits with one run of `pulses` ones at a random place: a device that is stuck for so long."""

    def make(generator: np.random.Generator, bits: int) -> Raw:
        raw = fair(generator, bits).copy()
        first = int(generator.integers(bits - pulses))
        raw[first : first + pulses] = 1
        return raw

    return make


DEFECTS: Mapping[str, Maker] = {
    **{f"bias: P(1) = {share:g}": biased(share) for share in (0.501, 0.502, 0.505)},
    **{f"lag-1 correlation {each:g}": correlated(each) for each in (0.002, 0.005, 0.01)},
    **{f"drift of P(1) by ±{each:g}": drifting(each) for each in (0.005, 0.01, 0.02)},
    **{f"mains, P(1) ± {each:g} at {MAINS:g} Hz": humming(each) for each in (0.002, 0.005, 0.01)},
    **{f"one of {devices} devices stuck at 1": one_stuck_of(devices) for devices in (1024, 256, 64)},
    **{f"stuck at 1 for {pulses} pulses": stuck_for(pulses) for pulses in (24, 32, 48)},
}


def fails_sp800_22(raw: Raw) -> bool:
    """Say whether one sequence fails the verdict on SP 800-22."""
    judge = Judge()
    judge.add(run(Bits(raw)))
    return not judge.verdict().passed


FAILS: Mapping[str, Callable[[Raw], bool]] = {
    "mtjlab": lambda raw: not assess(Bits(raw), 0.01).passed,
    "sp800-22": fails_sp800_22,
    "ais-31": lambda raw: not run_ais_31(raw).passed,
    "iid": lambda raw: bool(assess_iid(SymbolSource(raw), seed=1).failed),
}
"""Whether a suite fails a file, by its name."""


def counts(make: Maker, files: int, bits: int, seed: list[int], suites: list[str]) -> dict[str, int]:
    """Count the files that each suite fails, and those that any does."""
    generator = np.random.Generator(np.random.PCG64DXSM(seed))
    failed = dict.fromkeys((*suites, "all"), 0)
    for _ in range(files):
        raw = make(generator, bits)
        here = [FAILS[suite](raw) for suite in suites]
        for suite, fails in zip((*suites, "all"), (*here, any(here)), strict=True):
            failed[suite] += fails
    return failed


def words(count: int, total: int) -> str:
    """Say a share with its interval."""
    low, high = interval(count, total)
    return f"{count} of {total}: {100 * count / total:.3g} % ({100 * low:.2g} to {100 * high:.3g})"


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suites", default="mtjlab,sp800-22,ais-31", help=f"out of {', '.join(FAILS)}")
    parser.add_argument("--fair", type=int, default=2000, help="fair files (default: 2000)")
    parser.add_argument("--repeats", type=int, default=100, help="files a defect (default: 100)")
    parser.add_argument("--bits", type=int, default=1_000_000, help="bits a file (default: 1,000,000)")
    parser.add_argument("--seed", type=int, default=24)
    given = parser.parse_args()
    suites = given.suites.split(",")
    if unknown := set(suites) - set(FAILS):
        sys.exit(f"no suite {', '.join(sorted(unknown))}: choose out of {', '.join(FAILS)}")
    began = time.monotonic()
    print(f"{given.fair:,} fair files of {given.bits:,} bits, seed {given.seed}\n\n| suite | fails |\n|---|---|")
    for suite, count in counts(fair, given.fair, given.bits, [given.seed], suites).items():
        print(f"| {suite} | {words(count, given.fair)} |", flush=True)
    if given.repeats:
        print(f"\n{given.repeats} files a defect\n\n| defect | {' | '.join((*suites, 'all'))} |")
        print("|---" * (len(suites) + 2) + "|")
    for number, (name, make) in enumerate(DEFECTS.items() if given.repeats else ()):
        failed = counts(make, given.repeats, given.bits, [given.seed, number], suites)
        print(f"| {name} | {' | '.join(str(count) for count in failed.values())} |", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
