"""What a processor takes for the same normals: its own energy counter where it has one, else time times power."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mtjlab.analysis.noise import AnyConverter, BitNoise
from mtjlab.core import Bits

__all__ = ["POWERCAP", "EnergyCounter", "NormalCost", "converted_normals", "software_normals"]

POWERCAP = Path("/sys/class/powercap")
"""Where Linux shows the energy counters of a processor (RAPL)."""
SHORTEST = 0.2
"""Least time [s] over which normals are counted: hundreds of steps of the counter, which moves every millisecond."""
BATCH = 2**18
"""Normals at a time: they stay in the cache."""


class EnergyCounter:
    """The counters of all processor packages (Running Average Power Limit), where they can be read.

    Parameters
    ----------
    folder
        Where they are.

    Notes
    -----
    ``energy_uj`` counts microjoules up to ``max_energy_range_uj`` and begins at zero again. The parts of a package
    (``…:0:1``) are in the package's own count, and are not added.
    """

    def __init__(self, folder: Path = POWERCAP) -> None:
        self._packages: list[tuple[Path, int]] = []
        for package in sorted(folder.glob("*:*")) if folder.is_dir() else []:
            with contextlib.suppress(OSError, ValueError):  # often only the administrator may read them
                if (package / "name").read_text("utf-8").startswith("package"):
                    _microjoules(package)
                    self._packages.append((package, int((package / "max_energy_range_uj").read_text("utf-8"))))

    @property
    def readable(self) -> bool:
        """Whether there is one that can be read."""
        return bool(self._packages)

    def measure(self, work: Callable[[], float]) -> tuple[float, float | None]:
        """Do some work and count the energy meanwhile.

        Parameters
        ----------
        work
            Returns how much it has done.

        Returns
        -------
        float
            What the work returned.
        float or None
            Energy of all packages in that time [J], whatever else ran on them included; None where no counter can be
            read.
        """
        before = [_microjoules(package) for package, _ in self._packages]
        done = work()
        if not self._packages:
            return done, None
        spent = 0
        for (package, most), start in zip(self._packages, before, strict=True):
            difference = _microjoules(package) - start
            spent += difference if difference >= 0 else difference + most
        return done, spent * 1e-6


class NormalCost(NamedTuple):
    """What a normal takes on this processor."""

    time: float
    """Seconds of a core for each normal."""
    energy: float
    """Joules for each normal."""
    how: str
    """How the energy was found."""

    def as_dict(self) -> dict[str, Any]:
        """Give all of it for programs."""
        return {"seconds_per_normal": self.time, "energy_per_normal": self.energy, "how": self.how}


def software_normals(power: float, *, shortest: float = SHORTEST, counter: EnergyCounter | None = None) -> NormalCost:
    """Let numpy draw float32 normals, as software noise for images takes them.

    Parameters
    ----------
    power
        Power of a core at work [W], where no counter can be read.
    shortest
        Least time to measure [s].
    counter
        Energy counter; by default that of this machine.

    Returns
    -------
    NormalCost
        Mean over the time.
    """
    generator = np.random.default_rng(0)
    batch = np.empty(BATCH, np.float32)
    return _cost(lambda: generator.standard_normal(out=batch, dtype=np.float32), power, shortest, counter)


def converted_normals(
    converter: AnyConverter, power: float, *, shortest: float = SHORTEST, counter: EnergyCounter | None = None
) -> NormalCost:
    """Turn bits into normals on this processor; what the bits take is not in it.

    Parameters
    ----------
    converter
        What turns bits into normals.
    power, shortest, counter
        As for `software_normals`.

    Returns
    -------
    NormalCost
        Mean over the time.
    """
    count = BATCH // 8
    # Enough for a converter whose number of bits varies about its mean.
    raw = np.random.default_rng(0).bytes(int(count * converter.bits_per_normal * 1.1) // 8 + 1024)
    bits = Bits.packed(np.frombuffer(raw, np.uint8))
    return _cost(lambda: BitNoise(bits, converter).normal((count,)), power, shortest, counter, count)


def _cost(
    draw: Callable[[], object], power: float, shortest: float, counter: EnergyCounter | None, count: int = BATCH
) -> NormalCost:
    draw()  # what is compiled or loaded by the first use is not part of it
    used = 0.0

    def work() -> float:
        nonlocal used
        batches, start = 0, time.process_time()  # others that share the core do not count
        while batches == 0 or used < shortest:
            draw()
            batches += 1
            used = time.process_time() - start
        return float(batches * count)

    normals, joules = (counter or EnergyCounter()).measure(work)
    each = used / normals
    if joules:
        return NormalCost(each, joules / normals, "energy counter of the processor packages (RAPL)")
    return NormalCost(each, each * power, f"measured time of a core times a stated power of {power:.3g} W")


def _microjoules(package: Path) -> int:
    return int((package / "energy_uj").read_text("utf-8"))
