"""How often the verdict of SP 800-22 fails fair bits, at lengths and numbers of sequences of one's choice.

python benchmarks/sp800_22_false_alarms.py --bits 21000 --sequences 1 --files 10000 --seed 11
"""

import argparse
from collections import Counter

import numpy as np
from false_alarm_interval import interval

from mtjlab.analysis.randomness import Judge, run


def main() -> None:
    """Judge files of fair bits (numpy's PCG64) and count what fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=21_000, help="bits of a sequence")
    parser.add_argument("--sequences", type=int, default=1, help="sequences of a file")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = np.random.default_rng(arguments.seed)
    failed = too_good = 0
    least: list[float] = []
    names: Counter[str] = Counter()
    for _ in range(arguments.files):
        judge = Judge()
        for _ in range(arguments.sequences):
            judge.add(run(generator.bytes(arguments.bits // 8)))
        verdict = judge.verdict()
        failed += not verdict.passed
        too_good += bool(verdict.too_good.rejected)
        least.append(min(verdict.decision.adjusted.values()))
        names.update(name.split()[0].strip(":") for name in verdict.decision.rejected)
    print(f"{arguments.files:,} files of {arguments.sequences:,} sequences of {arguments.bits:,} fair bits")
    for words, count in (
        ("fail, level .001", failed),
        ("are too fair, level .001", too_good),
        ("would fail at level .01", sum(each < 0.01 for each in least)),
        ("would fail at level .05", sum(each < 0.05 for each in least)),
    ):
        low, high = interval(count, arguments.files)
        print(f"{words}: {count} = {100 * count / arguments.files:.3g} % ({100 * low:.3g} to {100 * high:.3g} %)")
    print("what failed:", ", ".join(f"{name} {count}" for name, count in names.most_common()) or "nothing")


if __name__ == "__main__":
    main()
