"""Bits to normals: speed beside numpy's float32 `standard_normal`, in one run.

    python benchmarks/noise.py [--normals N] [--rounds N] [--json PATH] [CONVERTER ...]
    python benchmarks/noise.py --table [CONVERTER ...]

One thread, from packed bits.  In each round numpy and every converter make as many normals, one after the other, so
that a load that comes and goes meets all alike; by default as many as the start of 334 images of 28 x 28.  Printed are,
over the rounds, the median of normals a second (CPU time of the one thread) and of the ratio to numpy in the same
round, with the smallest and the largest.

With `--table` it prints how far from normal each converter is, as the table of docs/reference/noise-converters.md:
computed, nothing is drawn or timed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mtjlab.analysis.noise import (
    NOISE_CONVERTERS,
    AnyConverter,
    BitConverter,
    HeldBits,
    PackedBitConverter,
    distribution_error,
    numpy_generator,
)
from mtjlab.core import Bits

NUMPY = "numpy, float32"
OF_BITS = "numpy of bits"
"""NumPy's own normals, as `NUMPY` makes them of its generator, made of bits."""
SMALL = 1e-6
"""Variances that far from one come of the rounding to float32."""
CONVERTERS = (
    *("inverse-cdf16", "bit-sum-1", "bit-sum-4", "bit-sum-12", "bit-sum-16", "bit-sum-33", "bit-sum-64"),
    *("box-muller", "ziggurat", "biased-tree"),
)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of a piece of work [s]."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def maker(converter: AnyConverter, count: int) -> Callable[[], object]:
    """Return what makes `count` normals of packed bits, the same at each call."""
    spare = 0 if isinstance(converter, BitConverter) else int(0.1 * converter.bits_per_normal * count) + 10_000
    length = int(converter.bits_per_normal * count) + spare
    bits = Bits.packed(np.random.default_rng(1).bytes(-(-length // 8)), length)
    if isinstance(converter, PackedBitConverter):
        return lambda: converter.convert_packed(bits)
    if isinstance(converter, BitConverter):
        return lambda: converter.convert(bits.unpacked())
    return lambda: converter.draw(count, HeldBits(bits).take)


def numpy_of_bits(count: int) -> Callable[[], object]:
    """Return what lets numpy make `count` normals of packed bits, the same at each call; one takes a little over 32."""
    bits = Bits.packed(np.random.default_rng(1).bytes(5 * count + 1000))
    return lambda: numpy_generator(HeldBits(bits)).standard_normal(count, np.float32)


def table(names: Sequence[str]) -> str:
    """Return the table of the page, in Markdown."""
    lines = [
        "| converter | bits a normal | KS distance | variance - 1 | E x⁴ | largest | shift of the mean |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name in names:
        converter = NOISE_CONVERTERS.load(name)
        error = distribution_error(converter)
        variance = error.moments[1] - error.moments[0] ** 2 - 1
        cells = (
            f"`{name}`",
            f"{converter.bits_per_normal:.5g}",
            f"{'' if error.exact else '≤ '}{error.ks_distance:.2g}",
            f"{variance:.0e}" if abs(variance) > SMALL else "0",
            f"{error.moments[3]:.5f}",
            f"{error.largest:.3f}",
            f"{converter.shift:.4f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("converters", nargs="*", metavar="CONVERTER", help="names; by default those of the table")
    parser.add_argument("--normals", type=int, default=2**18)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--table", action="store_true", help="how far from normal they are, instead of how fast")
    options = parser.parse_args()
    names = options.converters or CONVERTERS
    if options.table:
        print(table(names))
        return
    count = options.normals
    generator = np.random.default_rng(1)
    ways = {NUMPY: lambda: generator.standard_normal(count, np.float32)}
    ways[OF_BITS] = numpy_of_bits(count)
    ways |= {name: maker(NOISE_CONVERTERS.load(name), count) for name in names}
    for way in ways.values():
        way()
    rounds = [{name: seconds(way) for name, way in ways.items()} for _ in range(options.rounds)]
    found = {}
    for name in ways:
        rates = [count / times[name] / 1e6 for times in rounds]
        ratios = [times[NUMPY] / times[name] for times in rounds]
        found[name] = {"rate": statistics.median(rates) * 1e6, "ratio": statistics.median(ratios), "ratios": ratios}
        print(
            f"{name:16} {statistics.median(rates):7.0f} M normals/s, {statistics.median(ratios):6.2f} times numpy "
            f"({min(ratios):.2f} to {max(ratios):.2f})"
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
