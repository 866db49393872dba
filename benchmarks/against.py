"""Run a command in two checkouts in turns, and compare: CPU time, wall time, and the numbers that it prints.

    python benchmarks/against.py BEFORE AFTER [--rounds N] [--json PATH] -- COMMAND …

BEFORE and AFTER are checkouts, each with its environment in ``.venv``.  COMMAND is run in each, in the order A B, B A,
A B…, so that a load that comes and goes meets both alike; ``{python}`` and ``{bin}`` in it are the checkout's
interpreter and the folder of its commands.

    python benchmarks/against.py ../before . -- {python} benchmarks/recording_rows.py --rounds 1
    python benchmarks/against.py ../before . --rounds 15 -- {bin}/mtjlab info run.h5
    python benchmarks/against.py ../before . --rounds 15 -- {python} -c "from mtjlab.procedures import run"

CPU time is user and system time of the command and of the processes that it waits for: it depends less on what else
the computer does than wall time.  Printed are the median of each checkout, and median and range of the ratios after to
before, one ratio a round.  The numbers of a line that both print alike but for the numbers are compared in the same
way; whether more or less of them is better only the line itself says.
"""

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])")
"""A number in what a command prints, with commas between thousands perhaps."""


def measured(checkout: Path, command: list[str]) -> dict[str, float]:
    """Run a command in a checkout; return times [s] and the numbers of its lines, by what they are."""
    bin_folder = checkout / ".venv" / "bin"
    words = [word.replace("{python}", str(bin_folder / "python")).replace("{bin}", str(bin_folder)) for word in command]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{checkout}: {' '.join(words)} ended with {done.returncode}\n{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"CPU time (s)": cpu, "wall time (s)": wall} | printed_numbers(done.stdout)


def printed_numbers(text: str) -> dict[str, float]:
    """Return the numbers of a text, by their line with the numbers left out, and their place in it."""
    found: dict[str, float] = {}
    for line_number, line in enumerate(text.splitlines()):
        words = " ".join(NUMBER.sub("#", line).split())
        for place, number in enumerate(NUMBER.findall(line), 1):
            found[f"line {line_number + 1}, #{place} of: {words}"] = float(number.replace(",", ""))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("command", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    checkouts = arguments.before.resolve(), arguments.after.resolve()
    for checkout in checkouts:
        measured(checkout, arguments.command)  # compiled files, caches
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    for turn in range(arguments.rounds):
        each = {c: measured(c, arguments.command) for c in (checkouts if turn % 2 == 0 else checkouts[::-1])}
        rounds.append((each[checkouts[0]], each[checkouts[1]]))
    told = {}
    for what in rounds[0][0]:
        pairs = [(old[what], new[what]) for old, new in rounds if old.get(what) and what in new]
        if len(pairs) < len(rounds):
            continue
        ratios = [new / old for old, new in pairs]
        old, new = (statistics.median(values) for values in zip(*pairs, strict=True))
        told[what] = {"before": old, "after": new, "ratio": statistics.median(ratios), "ratios": ratios}
        print(
            f"{statistics.median(ratios):6.3f} ({min(ratios):.3f} to {max(ratios):.3f})  {old:.5g} → {new:.5g}  {what}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
